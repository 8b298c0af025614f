import canonicalize from 'canonicalize'
import { createHash } from 'node:crypto'

/** Text of a plain JSON value under RFC 8785 (JCS): what is hashed, signed or compared is always this text, in UTF-8. */
export function canonical(value: unknown): string {
  const text = canonicalize(value)
  if (text === undefined) throw new TypeError('only JSON values have a canonical text')
  return text
}

/** Lower-case hex SHA-256 of UTF-8 text. */
export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex')
}

export function sha256Of(value: unknown): string {
  return sha256(canonical(value))
}
