import { describe, expect, it } from 'vitest'
import { nextStep, type CommitAsk, type NextStep } from '../../../server/brain/decisions/commit/commit-asks.ts'

const at = (seconds: number): string => new Date(Date.UTC(2026, 10, 30, 9, 0, seconds)).toISOString()
const first = (status: CommitAsk['status'], unclear: number | null = null): CommitAsk => ({
  status,
  at: null,
  unclearAt: unclear === null ? null : at(unclear),
})
const later = (status: CommitAsk['status'], asked: number, unclear: number | null = null): CommitAsk => ({
  status,
  at: at(asked),
  unclearAt: unclear === null ? null : at(unclear),
})

const CASES: [string, CommitAsk[], number, NextStep][] = [
  ['nothing was asked', [], 0, 'ask'],
  ['the first answer says that all of it stands', [first('written')], 0, 'settled'],
  ['the first answer says that it failed', [first('failed')], 0, 'settled'],
  ['the first answer says that it drifted', [first('drifted')], 0, 'settled'],
  ['the first answer is unclear and was asked in this wake-up', [first('unknown')], 0, 'hold'],
  ['the first answer is unclear and was asked in an earlier wake-up', [first('unknown', 0)], 1, 'ask'],
  ['a second answer says that all of it stands', [first('unknown', 0), later('written', 5)], 1, 'settled'],
  ['a second answer denies too early', [first('unknown', 0), later('failed', 599)], 1, 'hold'],
  ['a second answer denies after the longest transaction', [first('unknown', 0), later('failed', 600)], 1, 'settled'],
  ['a second answer is unclear too', [first('unknown', 0), later('unknown', 30)], 1, 'hold'],
  ['it is still unclear after the longest transaction', [first('unknown', 0), later('unknown', 600)], 1, 'settled'],
  [
    'a denial comes soon after a second unclear answer',
    [first('unknown', 0), later('unknown', 590, 590), later('failed', 620)],
    2,
    'hold',
  ],
  [
    'a denial comes long after a second unclear answer',
    [first('unknown', 0), later('unknown', 590, 590), later('failed', 1190)],
    2,
    'settled',
  ],
]

describe('what follows from the asks of a commit', () => {
  it.each(CASES)('where %s is decided by the asks alone', (_where, asks, answeredBefore, step) => {
    expect(nextStep(asks, answeredBefore)).toBe(step)
  })
})
