// What the text of a key file stands for, wherever the file lies and whichever process reads it.

/** 32 bytes, written as 64 hex digits with white space around them; null for any other text. */
export function hexKeyOf(text: string): Buffer | null {
  const digits = text.trim()
  return /^[0-9a-f]{64}$/i.test(digits) ? Buffer.from(digits, 'hex') : null
}

/** The key under which salesforce-mcp seals the decisions it accepts. */
export interface SealKey {
  key: Uint8Array
  /** Other readings of the same file: what was sealed under one stays valid. */
  earlier: readonly Uint8Array[]
}

/**
 * 64 hex digits are 32 bytes; any other text of at least 32 bytes is its own bytes. A named file of 64 hex digits was once read
 * as text: that reading still recognises a seal and makes none. Null for a text that is too short.
 */
export function sealKeyOf(text: string): SealKey | null {
  const asText = Buffer.from(text.trim(), 'utf8')
  const key = hexKeyOf(text)
  if (key) return { key, earlier: [asText] }
  return asText.length < 32 ? null : { key: asText, earlier: [] }
}
