// Computes, in the browser, the digest of the change set that is on the screen.
import type { Leaf } from '../../../../../server/contract/seal.ts'

const VERSION = 'missions-change-set-v1'

/** A string without half surrogates, as RFC 8785 writes it; anything else has no canonical text. */
function text(value: string): string {
  if (!value.isWellFormed()) throw new TypeError('a lone surrogate has no canonical text')
  return JSON.stringify(value)
}

/** RFC 8785 text of the only values a leaf may hold: text, whole numbers, booleans, null, `[]` and `{}`. */
function canonicalValue(value: unknown): string {
  if (typeof value === 'string') return text(value)
  if (typeof value === 'boolean' || value === null) return String(value)
  if (typeof value === 'number' && Number.isSafeInteger(value)) return JSON.stringify(value)
  if (Array.isArray(value) && value.length === 0) return '[]'
  if (typeof value === 'object' && Object.keys(value).length === 0) return '{}'
  throw new TypeError('a leaf holds text, a whole number, true, false, null, [] or {}')
}

async function sha256(value: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(value)))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

async function commitmentOf(leaf: Leaf): Promise<string> {
  if ('commitment' in leaf) return leaf.commitment
  return sha256(`[${text(leaf.salt)},${text(leaf.path)},${canonicalValue(leaf.value)}]`)
}

/**
 * Lower-case hex digest of a change set from its leaves, open and closed freely mixed, in any order; the same as
 * `digestOf` of `server/contract/seal.ts`. Rejects with TypeError on a value that a leaf cannot hold.
 */
export async function digestOf(leaves: readonly Leaf[]): Promise<string> {
  const pairs = await Promise.all(leaves.map(async (leaf) => [leaf.path, await commitmentOf(leaf)] as const))
  pairs.sort(([a], [b]) => (a < b ? -1 : 1))
  const items = pairs.map(([path, commitment]) => `[${text(path)},${text(commitment)}]`)
  return sha256(`[${[text(VERSION), ...items].join(',')}]`)
}
