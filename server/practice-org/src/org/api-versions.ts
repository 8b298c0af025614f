/** Versions of the API that the org speaks at every door, oldest first, `50.0` to `67.0`. */
export const API_VERSIONS = Array.from({ length: 18 }, (_, index) => `${50 + index}.0`)

/** The newest of them: what the org itself speaks where no client names a version. */
export const NEWEST_VERSION = API_VERSIONS.at(-1) ?? ''
