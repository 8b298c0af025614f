import type { Right } from './operations/fields.ts'
import { rightsOf, type Operation } from './operations/operation.ts'
import { canonical, sha256Of } from './values/canonical.ts'

/** What an approver must be able to do for these operations: no repeats, in a fixed order. */
export function rightsFor(operations: readonly Operation[]): Right[] {
  const byText = new Map(operations.flatMap(rightsOf).map((right) => [canonical(right), right]))
  return [...byText.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, right]) => right)
}

/** Checked rights as a decision token carries them: SHA-256 of their canonical list. */
export function rightsHash(rights: readonly Right[]): string {
  return sha256Of(rights)
}
