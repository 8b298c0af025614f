import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { GateChange, GateFacts } from '../../../server/contract/gate/facts.ts'
import { covers, judgeGate, stricter } from '../../../server/contract/gate/judge.ts'
import type { GateLine, GateRequirement } from '../../../server/contract/gate/lines.ts'
import { peopleNeeded, placesLeft } from '../../../server/contract/gate/people.ts'
import { flagship } from '../../brain/questions/same-entity/fake-context.ts'

const NOTHING = { legalHold: false, customer: false, personAccount: false }
const change = (field: string, record: GateChange['record'] = {}): GateChange => ({
  change: { object: 'Account', field, kind: 'merge' },
  record: { ...NOTHING, ...record },
})
const facts = (changes: GateChange[], movesAmount = 0n): GateFacts => ({
  merge: { movesAmount, movesRecords: 0n, losers: 1n, closedWon: false },
  lead: { Status: 'Qualified' },
  changes,
})
const lines = flagship.definition.gate
const asks = (needs: number, from: string) => [{ needs, from }]

describe('the flagship’s gate', () => {
  it.each<[string, GateFacts, unknown]>([
    [
      'blocks what touches a record under legal hold',
      facts([change('Fax'), change('Phone', { legalHold: true })]),
      { block: 'Legal hold', line: 0 },
    ],
    [
      'asks two people from 100000 on',
      facts([change('Fax')], 100_000n),
      { require: { lines: [1], rosters: asks(2, 'group:RevOps') } },
    ],
    [
      'asks one decider below that',
      facts([change('Fax')], 99_999n),
      { require: { lines: [3], rosters: asks(1, 'permission:Decide_Missions') } },
    ],
    [
      'asks RevOps when an owner changes',
      facts([change('Fax'), change('OwnerId')]),
      { require: { lines: [2], rosters: asks(1, 'group:RevOps') } },
    ],
    [
      'asks the larger number of one roster when several lines match',
      facts([change('OwnerId')], 200_000n),
      { require: { lines: [1, 2], rosters: asks(2, 'group:RevOps') } },
    ],
  ])('%s', (_title, given, answer) => expect(judgeGate(lines, given)).toEqual(answer))
})

describe('a gate', () => {
  const line = (when: string, needs: number, from: string): GateLine => ({ when, asks: asks(needs, from) })
  const otherwise: GateLine = { otherwise: true, asks: asks(1, 'group:Anybody') }

  it('blocks on a condition that cannot be evaluated', () => {
    const strict: GateLine[] = [{ when: "lead.NotRead == 'x'", block: 'Unknown' }, otherwise]
    expect(judgeGate(strict, facts([change('Fax')]))).toEqual({ block: 'Unknown', line: 0 })
  })

  it('counts a fact that could not be read as a match', () => {
    const { legalHold: _unread, ...known } = NOTHING
    const unread = facts([{ change: { object: 'Account', field: 'Fax', kind: 'merge' }, record: known }])
    expect(judgeGate(lines, unread)).toEqual({ block: 'Legal hold', line: 0 })
    const unknownAmount: GateFacts = { ...facts([change('Fax')]), merge: { movesRecords: 0n, losers: 1n } }
    expect(judgeGate(lines, unknownAmount)).toEqual({ require: { lines: [1], rosters: asks(2, 'group:RevOps') } })
  })

  it('blocks by a line anywhere, whatever the other lines ask', () => {
    const late: GateLine[] = [line('true', 1, 'group:A'), otherwise, { when: 'record.legalHold', block: 'Hold' }]
    expect(judgeGate(late, facts([change('Fax', { legalHold: true })]))).toEqual({ block: 'Hold', line: 2 })
  })

  it('asks all the rosters of all the lines that match', () => {
    const several: GateLine[] = [
      { when: 'merge.movesAmount >= 10', asks: [...asks(1, 'group:Finance'), ...asks(1, 'group:RevOps')] },
      line("lead.Status in ['Qualified']", 2, 'group:RevOps'),
      otherwise,
    ]
    expect(judgeGate(several, facts([change('Fax')], 10n))).toEqual({
      require: { lines: [0, 1], rosters: [...asks(1, 'group:Finance'), ...asks(2, 'group:RevOps')] },
    })
  })

  it('gives the same answer in any order of its lines', () => {
    const conditions = ['merge.movesAmount >= 5', 'record.customer', "change.field == 'Fax'", 'true']
    const some = fc.subarray(conditions).map((all) => all.map((when, n) => line(when, n + 1, `group:G${n % 2}`)))
    fc.assert(
      fc.property(some, fc.bigInt({ min: 0n, max: 10n }), fc.boolean(), (conditional, amount, customer) => {
        const given = facts([change('Fax', { customer })], amount)
        const rosters = (all: GateLine[]) => {
          const answer = judgeGate(all, given)
          return 'require' in answer ? answer.require.rosters : answer
        }
        expect(rosters([otherwise, ...conditional].reverse())).toEqual(rosters([...conditional, otherwise]))
      }),
    )
  })
})

describe('requirements', () => {
  const of = (...rosters: [number, string][]): GateRequirement => ({
    lines: [0],
    rosters: rosters.map(([needs, from]) => ({ needs, from })),
  })

  it.each<[string, GateRequirement, GateRequirement, boolean]>([
    ['more of the same roster', of([2, 'group:A']), of([1, 'group:A']), true],
    ['fewer of the same roster', of([1, 'group:A']), of([2, 'group:A']), false],
    ['another roster', of([3, 'group:B']), of([1, 'group:A']), false],
    ['anybody, by people of a group', of([1, 'group:A']), of([1, 'permission:Decide_Missions']), true],
    ['a group, by anybody', of([1, 'permission:Decide_Missions']), of([1, 'group:A']), false],
    [
      'a group and anybody, by the group alone',
      of([1, 'group:A']),
      of([1, 'group:A'], [1, 'permission:Decide_Missions']),
      false,
    ],
  ])('cover %s: %#', (_title, asked, required, expected) => expect(covers(asked, required)).toBe(expected))

  const roster = fc.tuple(
    fc.integer({ min: 1, max: 3 }),
    fc.constantFrom('group:A', 'group:B', 'permission:Decide_Missions'),
  )
  const requirement = fc.uniqueArray(roster, { minLength: 1, selector: ([, from]) => from }).map((all) => of(...all))

  it('of both are satisfied by the stricter of two', () => {
    fc.assert(
      fc.property(requirement, requirement, (one, other) => {
        const both = stricter(one, other)
        expect(covers(both, one) && covers(both, other)).toBe(true)
      }),
    )
  })
})

describe('people who answered', () => {
  const person = (userId: string, ...on: string[]) => ({ userId, on })
  const rosters = [...asks(1, 'group:A'), ...asks(1, 'group:B')]

  it.each<[string, ReturnType<typeof person>[], unknown]>([
    ['nobody', [], rosters],
    ['one person on both rosters fills one place', [person('1', 'group:A', 'group:B')], asks(1, 'group:B')],
    ['the same person twice fills one place', [person('1', 'group:A'), person('1', 'group:B')], asks(1, 'group:B')],
    [
      'somebody on both makes room for somebody on one',
      [person('1', 'group:A', 'group:B'), person('2', 'group:A')],
      [],
    ],
    ['people of no roster fill none', [person('1', 'group:C'), person('2')], rosters],
  ])('%s', (_title, people, left) => expect(placesLeft(rosters, people)).toEqual(left))

  it('never fill more places than there are different people', () => {
    const anyone = fc.record({
      userId: fc.constantFrom('1', '2', '3'),
      on: fc.subarray(['group:A', 'group:B', 'group:C']),
    })
    fc.assert(
      fc.property(fc.array(anyone), (people) => {
        const filled = peopleNeeded(rosters) - peopleNeeded(placesLeft(rosters, people))
        expect(filled).toBeLessThanOrEqual(new Set(people.map(({ userId }) => userId)).size)
      }),
    )
  })
})
