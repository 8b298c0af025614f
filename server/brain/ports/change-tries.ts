/** A change in the org that is hard to take: ids and names, nothing that the record holds. */
export interface TriedChange {
  /** The topic, or the object of a catch-up. */
  source: string
  /** Its place there. */
  position: string
  object: string
  change: string
  recordIds: readonly string[]
}

export interface ChangeTryWrites {
  /** Counts one more try and returns their number; null when the change was set aside. */
  countTry(change: TriedChange): Promise<number | null>
  /** The change was taken after all. */
  forgetTries(change: TriedChange): Promise<void>
  /** Tries the change no more; the row stays for an administrator, with a reason where one is known. */
  setAside(change: TriedChange, at: string, reason: string | null): Promise<void>
}
