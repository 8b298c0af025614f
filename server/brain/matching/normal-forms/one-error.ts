/** True when a letter too many, a letter too few, a letter doubled or two neighbours in the other order make one word of the other. */
export function isOneErrorApart(a: string, b: string): boolean {
  if (a.length === b.length) return isSwap(a, b)
  const [short, long] = a.length < b.length ? [a, b] : [b, a]
  if (long.length - short.length !== 1) return false
  let at = 0
  while (at < short.length && short[at] === long[at]) at++
  return short.slice(at) === long.slice(at + 1)
}

/** Two neighbours in the other order. */
export function isSwap(a: string, b: string): boolean {
  if (a.length !== b.length) return false
  let at = 0
  while (at < a.length && a[at] === b[at]) at++
  return at < a.length && a[at] === b[at + 1] && a[at + 1] === b[at] && a.slice(at + 2) === b.slice(at + 2)
}
