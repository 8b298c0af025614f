import { expect, test } from '@jest/globals'
import { expiry, formatCount, formatLabel, hasEnded, isWritten, mayHaveWritten, outcomeOf } from 'c/missionWords'
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
  trial: true,
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

test('a wait of hours shows its end, a short one counts down', async () => {
  const shown = {
    ...summaryOf(await decision({ needs: 1 })),
    status: 'approved' as const,
    runStatus: 'running' as const,
  }
  const sentence = (commitsAt: string) => outcomeOf({ ...shown, commitsAt }, null, NOW, false).sentence
  expect(sentence('2026-01-01T10:00:08Z')).toBe('Approved. Writing in 8 s.')
  expect(sentence('2026-01-05T17:00:00Z')).toMatch(/^Approved; it will be written .*2026/)
})

test('every state names what happened in Salesforce', async () => {
  const all = await states()
  expect(all.length).toBe(5 * 11 * 7 * 3 * 2)
  expect(all.filter(({ outcome }) => !/changed|written|write/.test(outcome.changed))).toEqual([])
})

test('nothing is called verified, or done, before the read-back gave its verdict', async () => {
  const undecided = (await states()).filter(({ shown }) => shown.verdict === null)
  const words = undecided.map(({ outcome }) => `${outcome.badge} ${outcome.sentence}`)
  expect(words.length).toBe(5 * 7 * 3 * 2)
  expect(words.filter((text) => /verified|\bdone\b/i.test(text))).toEqual([])
})

test('a state in which nothing was written never says that Salesforce was changed', async () => {
  const untouched = (await states()).filter(({ shown: { verdict, status } }) =>
    verdict === null ? status !== 'approved' : ['failed', 'rejected', 'expired'].includes(verdict),
  )
  expect(untouched.length).toBe((4 + 3 * 5) * 7 * 3 * 2)
  expect(untouched.filter(({ outcome }) => !outcome.changed.startsWith('Nothing was'))).toEqual([])
})

test('which verdicts leave values to restore, and after which records have to be read again', () => {
  const every = keysOf(everyVerdict)
  expect(every.filter(isWritten)).toEqual(['verified', 'differs', 'partly'])
  expect(every.filter(mayHaveWritten)).toEqual(['verified', 'differs', 'partly', 'unknown', 'undone'])
  expect([isWritten(null), mayHaveWritten(null)]).toEqual([false, false])
  expect(keysOf(everyRunStatus).filter(hasEnded)).toEqual(['done', 'failed', 'cancelled'])
})

test('a label is filled in with numbers as the reader writes them, one and many apart', () => {
  expect(formatLabel('{1} of {0}', 'Ana', 12_345)).toBe('12,345 of Ana')
  expect(formatLabel('{0} {1}', 'kept')).toBe('kept {1}')
  expect(formatLabel('{0}', '$1 {1}')).toBe('$1 {1}')
  expect([0, 1, 2].map((count) => formatCount(count, '{0} step', '{0} steps'))).toEqual([
    '0 steps',
    '1 step',
    '2 steps',
  ])
})

test('how long a decision can be answered is told in minutes, hours, then days, and not once it is past', () => {
  const inMinutes = (minutes: number) => expiry(new Date(NOW + minutes * 60_000).toISOString(), NOW)
  expect([0, 89, 90, 2_880].map(inMinutes)).toEqual([
    'Expired',
    'Expires in 89 min',
    'Expires in 2 h',
    'Expires in 2 d',
  ])
})
