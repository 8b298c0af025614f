import { Day, Days, Instant } from './day.ts'
import { Decimal } from './decimal.ts'

export const NO_TEXT = ''

/** A value as text, the way an org writes it; blank for null and for what has no text. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'boolean' || typeof value === 'bigint' || typeof value === 'number') return String(value)
  if (value instanceof Decimal) return value.amount.toFixed()
  if (value instanceof Day || value instanceof Instant) return value.iso
  if (value instanceof Days) return String(value.count)
  return NO_TEXT
}
