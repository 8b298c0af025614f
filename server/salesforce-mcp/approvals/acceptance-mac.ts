import { createHmac, timingSafeEqual } from 'node:crypto'
import { canonical } from '../../contract/values/canonical.ts'
import type { AcceptedDecision } from '../../contract/approval-token.ts'
import type { SealKey } from '../../settings/key-text.ts'

/** HMAC-SHA256, lower-case hex, over the canonical JSON of `[token, takenAt]`, under salesforce-mcp's own key. */
export function seal({ key }: Pick<SealKey, 'key'>, token: string, takenAt: string): AcceptedDecision {
  return { token, takenAt, seal: hmac(key, token, takenAt).toString('hex') }
}

/** True when this salesforce-mcp itself took the token at that time. */
export function isSealed({ key, earlier }: SealKey, accepted: AcceptedDecision): boolean {
  const given = Buffer.from(accepted.seal, 'hex')
  return [key, ...earlier].some((each) => {
    const expected = hmac(each, accepted.token, accepted.takenAt)
    return given.length === expected.length && timingSafeEqual(given, expected)
  })
}

function hmac(key: Uint8Array, token: string, takenAt: string): Buffer {
  return createHmac('sha256', key)
    .update(canonical([token, takenAt]), 'utf8')
    .digest()
}
