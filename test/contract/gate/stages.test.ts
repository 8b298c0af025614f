// A gate of two stages: whom it asks now, whose answers count, and what covers or weakens it.
import { describe, expect, it } from 'vitest'
import { covers, judgeGate, stricter } from '../../../server/contract/gate/judge.ts'
import type { GateLine, GateRequirement } from '../../../server/contract/gate/lines.ts'
import { standingOf } from '../../../server/contract/gate/people.ts'
import { weakenings } from '../../../server/contract/gate/weakenings.ts'

const finance = { needs: 1, from: 'group:Finance' }
const revOps = { needs: 1, from: 'group:RevOps' }
const staged: GateRequirement = { lines: [0], rosters: [finance], then: [revOps] }
const at = (minute: number) => `2026-11-22T14:0${minute}:00.000Z`
const FIN = ['group:Finance']
const REV = ['group:RevOps']

describe('where a staged gate stands', () => {
  it('asks the first stage, then the second', () => {
    expect(standingOf(staged, [])).toEqual({ left: [finance], stage: 'first', early: [] })
    const first = { userId: 'f', on: FIN, at: at(1) }
    expect(standingOf(staged, [first])).toEqual({ left: [revOps], stage: 'then', early: [] })
    expect(standingOf(staged, [{ userId: 'r', on: REV, at: at(2) }, first]).left).toEqual([])
  })

  it('counts no answer of the second stage that came before the first was full, or with it', () => {
    for (const minute of [0, 1]) {
      const people = [
        { userId: 'r', on: REV, at: at(minute) },
        { userId: 'f', on: FIN, at: at(1) },
      ]
      expect(standingOf(staged, people)).toEqual({ left: [revOps], stage: 'then', early: ['r'] })
    }
  })

  it('counts one person once, in the first stage', () => {
    const both = { userId: 'b', on: [...FIN, ...REV], at: at(1) }
    expect(standingOf(staged, [both, { ...both, at: at(2) }]).left).toEqual([revOps])
  })
})

describe('two requirements', () => {
  const side: GateRequirement = { lines: [0], rosters: [finance, revOps] }

  it('an order covers the same people without one, and not the other way round', () => {
    expect(covers(staged, side)).toBe(true)
    expect(covers(side, staged)).toBe(false)
    expect(covers({ ...staged, then: [] as never }, staged)).toBe(false)
  })

  it('together ask each stage of both', () => {
    const legal = {
      lines: [1],
      rosters: [{ needs: 2, from: 'group:Legal' }],
      then: [{ needs: 1, from: 'group:Board' }],
    }
    const both = stricter(staged, legal)
    expect(both.rosters.map(({ from }) => from)).toEqual(['group:Finance', 'group:Legal'])
    expect(both.then?.map(({ from }) => from)).toEqual(['group:Board', 'group:RevOps'])
    expect([covers(both, staged), covers(both, legal)]).toEqual([true, true])
  })

  it('add up when the lines that ask them both match', () => {
    const lines: GateLine[] = [
      { when: "change.field == 'Amount'", asks: [finance], then: [revOps] },
      { when: "change.object == 'Lead'", asks: [revOps] },
      { otherwise: true, asks: [finance] },
    ]
    const changes = [{ change: { object: 'Lead', field: 'Amount', kind: 'update' }, record: {} }]
    const facts = { merge: { movesRecords: 0n, losers: 0n }, changes }
    expect(judgeGate(lines, facts)).toEqual({
      require: { lines: [0, 1], rosters: [finance, revOps], then: [revOps] },
    })
  })
})

describe('a gate that was changed', () => {
  const line = (then?: (typeof revOps)[]): GateLine => ({
    when: 'merge.losers >= 1',
    asks: [finance],
    ...(then && { then }),
  })
  it.each([
    ['drops the second stage', [line([revOps])], [line()], 1],
    ['asks both at once', [line([revOps])], [{ when: 'merge.losers >= 1', asks: [finance, revOps] }], 1],
    ['asks one of two later', [{ when: 'merge.losers >= 1', asks: [finance, revOps] }], [line([revOps])], 0],
    ['adds a second stage', [line()], [line([revOps])], 0],
  ] satisfies [string, GateLine[], GateLine[], number][])('%s', (_title, before, after, count) => {
    expect(weakenings(before, after)).toHaveLength(count)
  })
})
