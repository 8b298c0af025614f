import type { AcceptedDecision } from '../../contract/approval-token.ts'
import { isMac, macOf } from './mac.ts'
import type { SealKey } from '../../settings/key-text.ts'

/** HMAC-SHA256, lower-case hex, over the canonical JSON of `[token, takenAt]`, under salesforce-mcp's own key. */
export function seal(key: Pick<SealKey, 'key'>, token: string, takenAt: string): AcceptedDecision {
  return { token, takenAt, seal: macOf(key, [token, takenAt]) }
}

/** True when this salesforce-mcp itself took the token at that time. */
export function isSealed(key: SealKey, { token, takenAt, seal: given }: AcceptedDecision): boolean {
  return isMac(key, [token, takenAt], given)
}
