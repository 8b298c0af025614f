/** `1234567.50` → `1,234,567.50`. Time grows with the length alone: a text field may hold 100,000 digits. */
export function groupDigits(decimal: string): string {
  const [whole = '', ...fraction] = decimal.split('.')
  const sign = whole.startsWith('-') ? '-' : ''
  const digits = whole.slice(sign.length)
  const first = digits.length % 3 || 3
  const groups = [digits.slice(0, first), ...(digits.slice(first).match(/.{3}/g) ?? [])]
  return [sign + groups.join(','), ...fraction].join('.')
}
