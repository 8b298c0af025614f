/** The one of the names that was most likely meant; null when none is close. */
export function closestTo(written: string, names: Iterable<string>): string | null {
  const most = written.length <= 3 ? 1 : written.length <= 7 ? 2 : 3
  let best: { name: string; distance: number } | null = null
  for (const name of names) {
    const distance = distanceBetween(written.toLowerCase(), name.toLowerCase())
    if (distance <= most && distance < (best?.distance ?? Infinity)) best = { name, distance }
  }
  return best?.name ?? null
}

/** `: did you mean “title”?`, or which names there are. */
export function hintFor(written: string, names: readonly string[], quote = (name: string) => `“${name}”`): string {
  const close = closestTo(written, names)
  if (close !== null) return `: did you mean ${quote(close)}?`
  return names.length > 0 ? `; there are ${[...names].sort().map(quote).join(', ')}` : ''
}

/** Single-character edits between two words, two swapped neighbours counting as one. */
function distanceBetween(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, n) => n)]
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const isSame = a[i - 1] === b[j - 1]
      const edits = [(rows[i - 1]?.[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (rows[i - 1]?.[j - 1] ?? 0) + (isSame ? 0 : 1)]
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) edits.push((rows[i - 2]?.[j - 2] ?? 0) + 1)
      row.push(Math.min(...edits))
    }
    rows.push(row)
  }
  return rows[a.length]?.[b.length] ?? 0
}
