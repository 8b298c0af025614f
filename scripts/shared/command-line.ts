// What the commands share: lines for people, and arguments that are not understood.

/** Writes one line for the person at the command line. */
export type Say = (line: string) => void

/** True for an argument that `parseArgs` does not know, or that lacks its value. */
export function isUsageError(error: Error): boolean {
  return 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
}
