/** SQL states of a server that takes no statement now: connection lost, shutting down, starting, too many sessions. */
const AWAY_STATE = /^(08...|57P0[1-5]|53300)$/
const AWAY_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
])
/** The driver gives these errors no code. */
const AWAY_MESSAGE =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection)/

/** Whether a statement failed because the database cannot be reached: it may have been carried out all the same. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return (
    AWAY_CODES.has(code) || AWAY_STATE.test(code) || AWAY_MESSAGE.test(error.message) || isDatabaseAway(error.cause)
  )
}
