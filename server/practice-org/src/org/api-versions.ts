const [OLDEST, NEWEST] = [31, 67]

/** Versions of the API that the org speaks, oldest first, `31.0` to `67.0`; over CometD from 37.0 on. */
export const API_VERSIONS = Array.from({ length: NEWEST - OLDEST + 1 }, (_, index) => `${OLDEST + index}.0`)

/** The newest of them: what the org itself speaks where no client names a version. */
export const NEWEST_VERSION = `${NEWEST}.0`

/** Whether a version was retired: every version before the oldest. */
export const isRetired = (version: string): boolean => /^\d+\.0$/.test(version) && Number(version) < OLDEST

/** Salesforce's words about a retired version, seen at the SOAP door. */
export const retiredText = (version: string): string =>
  `The API version that was specified (${version}) is below the minimum supported (${OLDEST}.0). ` +
  'Change the version number and run the request again.'

/** Whether a version is this one or a later one; what a version brought, an earlier one does not have. */
export const isSince = (version: string, first: number): boolean => Number(version) >= first
