import { expect, test } from '@jest/globals'
import { outcomeOf } from 'c/missionWords'
import type { DecisionStatus, RunStatus, Verdict } from '../../../../../../server/contract/states.ts'
import { decision, run, summaryOf } from '../../../../../test/fixtures'

const NOW = Date.parse('2026-01-01T10:00:00Z')
// Records, so that the compiler asks for a state that the contract gains.
const everyVerdict: Record<Verdict, true> = {
  verified: true,
  differs: true,
  partly: true,
  unknown: true,
  failed: true,
  'nothing to do': true,
  rejected: true,
  expired: true,
  undone: true,
}
const everyStatus: Record<DecisionStatus, true> = {
  open: true,
  approved: true,
  rejected: true,
  expired: true,
  superseded: true,
}
const everyRunStatus: Record<RunStatus, true> = {
  running: true,
  waiting: true,
  held: true,
  paused: true,
  done: true,
  failed: true,
  cancelled: true,
}
const keysOf = <K extends string>(record: Record<K, true>) => Object.keys(record) as K[]
const verdicts = [null, ...keysOf(everyVerdict)]
const holds = [null, '2026-01-01T09:00:00Z', '2026-01-01T10:00:08Z']

/** Every state a decision can be shown in. */
async function states() {
  const summary = summaryOf(await decision({ needs: 2 }))
  return keysOf(everyStatus).flatMap((status) =>
    verdicts.flatMap((verdict) =>
      keysOf(everyRunStatus).flatMap((runStatus) =>
        holds.flatMap((commitsAt) =>
          [true, false].map((checking) => {
            const approvals = status === 'open' ? 1 : 2
            const shown = { ...summary, status, verdict, runStatus, commitsAt, approvals }
            return { shown, outcome: outcomeOf(shown, run({ status: runStatus, verdict }), NOW, checking) }
          }),
        ),
      ),
    ),
  )
}

test('every state says what happened in Salesforce', async () => {
  for (const { outcome } of await states()) expect(outcome.changed).toMatch(/changed|written/)
})

test('nothing is called verified, or done, before the read-back gave its verdict', async () => {
  for (const { shown, outcome } of await states()) {
    if (shown.verdict === null) expect(`${outcome.badge} ${outcome.sentence}`).not.toMatch(/verified|\bdone\b/i)
  }
})

test('a state in which nothing was written never says that Salesforce was changed', async () => {
  for (const { shown, outcome } of await states()) {
    const untouched = shown.verdict === null && shown.status !== 'approved'
    if (untouched || shown.verdict === 'failed' || shown.verdict === 'rejected' || shown.verdict === 'expired')
      expect(outcome.changed).toMatch(/^Nothing was/)
  }
})
