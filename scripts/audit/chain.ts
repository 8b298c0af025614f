import { sha256Of } from '../../server/contract/values/canonical.ts'
import { PHASES } from '../../server/brain/domain/transitions.ts'

/** A journal row, as stored in the database. */
export interface ChainEntry {
  n: number
  phase: string
  key: string
  requestHash: string
  answerHash: string
  chain: string
}

/** A mismatch in a run's records; `n` is the journal entry. */
export interface AuditFinding {
  runId: string
  n: number | null
  what: string
}

/**
 * Recomputes a run's chain from its entries, which are ordered by `n`. Each link covers the link before and every column but
 * the time; after a wrong link, checking continues from the stored one, so that one edit is reported once.
 */
export function checkChain(runId: string, entries: readonly ChainEntry[]): AuditFinding[] {
  const findings: AuditFinding[] = []
  let expected = 1
  let before: string | null = null
  for (const { n, phase, key, requestHash, answerHash, chain } of entries) {
    for (; expected < n; expected += 1) findings.push({ runId, n: expected, what: 'is missing' })
    const isAfterGap = findings.at(-1)?.n === n - 1 && findings.at(-1)?.what === 'is missing'
    const computed = sha256Of([before, runId, n, phase, key, requestHash, answerHash])
    if (!isAfterGap && computed !== chain) findings.push({ runId, n, what: `(${phase}/${key}) was changed` })
    before = chain
    expected = n + 1
  }
  return findings
}

/** A run that reached a phase has the results of the earlier phases: a missing one was cut off. */
export function checkPhases(runId: string, phase: string, entries: readonly ChainEntry[]): AuditFinding[] {
  const reached = PHASES.findIndex((each) => each === phase)
  const results = new Set(entries.filter(({ key }) => key === 'result').map((entry) => entry.phase))
  return PHASES.slice(0, Math.max(reached, 0))
    .filter((each) => !results.has(each))
    .map((each) => ({ runId, n: null, what: `has come to ${phase}, but the result of ${each} is missing` }))
}
