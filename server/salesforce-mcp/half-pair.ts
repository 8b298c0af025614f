/** The place of the first text, key or value, with half a surrogate pair, which neither a request nor a hash can hold; else null. */
export function halfPairIn(value: unknown, path = ''): string | null {
  if (typeof value === 'string') return value.isWellFormed() ? null : path
  if (typeof value !== 'object' || value === null) return null
  for (const [key, item] of Object.entries(value)) {
    if (!key.isWellFormed()) return path
    const found = halfPairIn(item, path === '' ? key : `${path}.${key}`)
    if (found !== null) return found
  }
  return null
}
