import { createHmac, timingSafeEqual } from 'node:crypto'
import { canonical } from '../../contract/values/canonical.ts'
import type { SealKey } from '../../settings/key-text.ts'

/** HMAC-SHA256, lower-case hex, over the canonical JSON of the parts, under salesforce-mcp's own key. */
export function macOf({ key }: Pick<SealKey, 'key'>, parts: readonly unknown[]): string {
  return hmac(key, parts).toString('hex')
}

/** True when `given` is the MAC of these parts, under the key or an earlier reading of it. */
export function isMac({ key, earlier }: SealKey, parts: readonly unknown[], given: string): boolean {
  const found = Buffer.from(given, 'hex')
  return [key, ...earlier].some((each) => {
    const expected = hmac(each, parts)
    return found.length === expected.length && timingSafeEqual(found, expected)
  })
}

function hmac(key: Uint8Array, parts: readonly unknown[]): Buffer {
  return createHmac('sha256', key).update(canonical(parts), 'utf8').digest()
}
