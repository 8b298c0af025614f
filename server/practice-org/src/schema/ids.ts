// Record ids: 15 case-sensitive base-62 characters and a 3-character suffix that makes them safe to compare without case.
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const SUFFIX = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345'
/** Instance and reserved characters of every id this org makes. */
const POD = 'gK0'
const COUNTER_DIGITS = 9

/** The 18-character form of a 15-character id: bit j of each chunk's number is set when its j-th character is A–Z. */
export function toId18(id15: string): string {
  let suffix = ''
  for (let chunk = 0; chunk < 3; chunk++) {
    let bits = 0
    for (let j = 0; j < 5; j++) if (/[A-Z]/.test(id15[chunk * 5 + j] ?? '')) bits |= 1 << j
    suffix += SUFFIX[bits] ?? ''
  }
  return id15 + suffix
}

/** The `n`-th id of an object. */
export function makeId(keyPrefix: string, n: number): string {
  let counter = ''
  // The remainder goes first: large numbers would be rounded.
  for (let rest = n; counter.length < COUNTER_DIGITS; rest = (rest - (rest % 62)) / 62) {
    counter = (DIGITS[rest % 62] ?? '') + counter
  }
  return toId18(keyPrefix + POD + counter)
}

/** The number `makeId` was given, or undefined for an id made elsewhere. */
export function counterOf(id: string): number | undefined {
  if (id.slice(3, 6) !== POD) return undefined
  let n = 0
  for (const char of id.slice(6, 15)) n = n * 62 + DIGITS.indexOf(char)
  return n
}

/**
 * The 18-character form of what a client sent, or undefined when it is not an id. The letters of a 15-character id are
 * taken as they are; those of an 18-character id are set right from its suffix, as an org does.
 */
export function normalizeId(text: string): string | undefined {
  if (!/^[0-9A-Za-z]+$/.test(text)) return undefined
  if (text.length === 15) return toId18(text)
  if (text.length !== 18) return undefined
  if (toId18(text.slice(0, 15)) === text) return text
  let id15 = ''
  for (let i = 0; i < 15; i++) {
    const bits = SUFFIX.indexOf((text[15 + Math.floor(i / 5)] ?? '').toUpperCase())
    const char = text[i] ?? ''
    if (bits < 0) return undefined
    id15 += bits & (1 << (i % 5)) ? char.toUpperCase() : char.toLowerCase()
  }
  const id = toId18(id15)
  return id.slice(15) === text.slice(15).toUpperCase() ? id : undefined
}

/** Whether text is as long as an id and of its letters, whatever its check letters say. */
export const hasIdShape = (text: string): boolean => /^[0-9A-Za-z]{15}([0-9A-Za-z]{3})?$/.test(text)
