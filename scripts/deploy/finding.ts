/** A mistake that an org would refuse; `file` is relative to the package folder. */
export interface Finding {
  file: string
  message: string
}
