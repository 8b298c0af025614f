/** Where a REST URL points: its version and what follows it. */
export interface Target {
  version: string
  base: string
  segments: string[]
  query: URLSearchParams
}

const TARGET = /^\/services\/data\/v(\d+\.\d)(?:\/([^?#]*))?(?:\?([^#]*))?$/

/** Parses `/services/data/v62.0/sobjects/Account?x=y`; undefined when it is no such path or badly encoded. */
export function parseTarget(url: string): Target | undefined {
  const [, version, path = '', query = ''] = TARGET.exec(url) ?? []
  if (!version) return undefined
  try {
    const segments = path.split('/').filter(Boolean).map(decodeURIComponent)
    return { version, base: `/services/data/v${version}`, segments, query: new URLSearchParams(query) }
  } catch {
    return undefined
  }
}
