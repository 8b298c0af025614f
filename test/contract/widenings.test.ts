// A second administrator is asked for everything that cannot be shown to be at most as wide as what is active.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { GateFacts } from '../../server/contract/gate/facts.ts'
import { covers, judgeGate } from '../../server/contract/gate/judge.ts'
import type { GateLine, Roster } from '../../server/contract/gate/lines.ts'
import { weakenings } from '../../server/contract/gate/weakenings.ts'
import type { Grant } from '../../server/contract/grant.ts'
import { widenings } from '../../server/contract/widenings.ts'
import { acmeMission } from '../brain/decisions/acme.ts'

const ANY = 'permission:Decide_Missions'
const before: Grant = {
  mission: 'tidy',
  version: 1,
  reads: { Account: ['Name', 'Phone'], Lead: ['Company'] },
  writes: { Account: { kinds: ['update', 'merge'], fields: ['Phone'] } },
  gate: [
    { when: 'record.legalHold', block: 'Legal hold' },
    { when: 'merge.movesAmount >= 100000', asks: [{ needs: 2, from: 'group:RevOps' }] },
    { when: 'record.customer', asks: [{ needs: 1, from: 'group:RevOps' }] },
    { otherwise: true, asks: [{ needs: 1, from: ANY }] },
  ],
  facts: { legalHold: 'Account.Legal_Hold__c' },
  definition: { parsed: 'a'.repeat(64), source: 'b'.repeat(64) },
  knowledge: { policy: { version: 1, hash: 'c'.repeat(64) } },
  limits: { records: 50, apiCalls: 12 },
}
const [block, large, customer, otherwise] = before.gate as [GateLine, GateLine, GateLine, GateLine]
const gated = (...gate: GateLine[]): Partial<Grant> => ({ gate })
const asks = (when: string, ...rosters: Roster[]): GateLine => ({ when, asks: rosters })

describe('what became wider', () => {
  it.each<[string, Partial<Grant>, RegExp]>([
    [
      'a field that is read',
      { reads: { ...before.reads, Account: ['Name', 'Phone', 'Fax'] } },
      /Reads more of Account: Fax/,
    ],
    ['an object that is read', { reads: { ...before.reads, Case: ['Status'] } }, /Reads Case: Status/],
    ['an object read with system fields only', { reads: { ...before.reads, Case: [] } }, /Reads Case: system fields/],
    [
      'a kind of operation',
      { writes: { Account: { kinds: ['update', 'merge', 'delete'], fields: ['Phone'] } } },
      /May delete on Account/,
    ],
    [
      'a field that is written',
      { writes: { Account: { kinds: ['update'], fields: ['Phone', 'Fax'] } } },
      /Writes more of Account: Fax/,
    ],
    [
      'an object that is written',
      { writes: { ...before.writes, Lead: { kinds: ['update'], fields: [] } } },
      /May update on Lead/,
    ],
    ['a block line that is gone', gated(large, customer, otherwise), /No longer blocked when record.legalHold/],
    [
      'a block line that asks instead',
      gated(asks('record.legalHold', { needs: 5, from: ANY }), large, customer, otherwise),
      /No longer blocked/,
    ],
    [
      'a line that is gone',
      gated(block, customer, otherwise),
      /movesAmount >= 100000, the gate asks 0 of group:RevOps, it asked 2/,
    ],
    [
      'fewer people',
      gated(block, asks('merge.movesAmount >= 100000', { needs: 1, from: 'group:RevOps' }), customer, otherwise),
      /asks 1 of group:RevOps/,
    ],
    [
      'another roster',
      gated(block, asks('merge.movesAmount >= 100000', { needs: 2, from: 'group:Sales' }), customer, otherwise),
      /asks 0 of group:RevOps/,
    ],
    [
      'a higher bound',
      gated(block, asks('merge.movesAmount >= 200000', { needs: 2, from: 'group:RevOps' }), customer, otherwise),
      /asks 0 of group:RevOps/,
    ],
    [
      'another condition',
      gated(block, large, asks('record.customer && true', { needs: 1, from: 'group:RevOps' }), otherwise),
      /record.customer, the gate asks 0/,
    ],
    ['no “otherwise”', gated(block, large, customer), /“Otherwise” asks 0 of permission:Decide_Missions/],
    [
      'a fact of another field',
      { facts: { legalHold: 'Account.Fax__c' } },
      /record.legalHold no longer comes from Account.Legal_Hold__c/,
    ],
    ['a fact that is gone', { facts: {} }, /record.legalHold no longer comes from/],
    [
      'a fact in place of a built-in one',
      { facts: { ...before.facts, customer: 'Account.Never__c' } },
      /record.customer now comes from Account.Never__c/,
    ],
    ['more records', { limits: { records: 51, apiCalls: 12 } }, /51 records/],
    ['more calls', { limits: { records: 50, apiCalls: 13 } }, /13 Salesforce calls/],
  ])('%s counts', (_what, change, sentence) => {
    expect(widenings(before, { ...before, version: 2, ...change }).join('\n')).toMatch(sentence)
  })

  it('a line that would take the place of “otherwise” and asks less of people counts, though nothing was removed', () => {
    const strict: Grant = { ...before, gate: [{ otherwise: true, asks: [{ needs: 2, from: 'group:RevOps' }] }] }
    const easy: Grant = { ...strict, gate: [asks('true', { needs: 1, from: ANY }), ...strict.gate] }
    expect(widenings(strict, easy)).toEqual(['When true, fewer people are asked than “otherwise” asked'])
  })
})

describe('what is at most as wide', () => {
  it.each<[string, Partial<Grant>]>([
    ['the same', {}],
    [
      'other hashes of definition, text and knowledge',
      { definition: { parsed: 'd'.repeat(64), source: 'e'.repeat(64) }, knowledge: {} },
    ],
    ['less read, less written', { reads: { Account: ['phone'] }, writes: {} }],
    ['lower limits', { limits: { records: 1, apiCalls: 1 } }],
    ['another order of lines', gated(otherwise, customer, large, block)],
    ['one more block line', gated(...before.gate, { when: 'lead.Status == "Lost"', block: 'Lost' })],
    [
      'one more line that asks at least what “otherwise” asks',
      gated(...before.gate, asks('lead.Status == "Lost"', { needs: 1, from: ANY })),
    ],
    [
      'more people',
      gated(block, asks('merge.movesAmount >= 100000', { needs: 3, from: 'group:RevOps' }), customer, otherwise),
    ],
    [
      'a lower bound',
      gated(block, asks('merge.movesAmount >= 50000', { needs: 2, from: 'group:RevOps' }), customer, otherwise),
    ],
    ['a block in place of a line', gated(block, large, { when: 'record.customer', block: 'Customer' }, otherwise)],
    ['a fact that no earlier line named', { facts: { ...before.facts, frozen: 'Account.Frozen__c' } }],
  ])('%s does not count', (_what, change) => {
    expect(widenings(before, { ...before, version: 2, ...change })).toEqual([])
  })

  it('the shipped mission is not wider than itself', () => {
    expect(widenings(acmeMission().grant, acmeMission().grant)).toEqual([])
  })
})

describe('a gate that is not weaker', () => {
  const when = fc.constantFrom(
    'record.legalHold',
    'record.customer',
    'merge.movesAmount >= 10',
    'merge.movesAmount >= 20',
    'merge.movesAmount <= 10',
    'true',
  )
  const rosters = fc.uniqueArray(
    fc.record({ needs: fc.integer({ min: 1, max: 3 }), from: fc.constantFrom(ANY, 'group:A', 'group:B') }),
    { minLength: 1, maxLength: 2, selector: ({ from }) => from },
  )
  const line = fc.oneof(
    fc.record({ when, block: fc.constant('Blocked') }),
    fc.record({ when, asks: rosters }),
    fc.record({ otherwise: fc.constant(true as const), asks: rosters }),
  )
  const fallback = rosters.map((asked): GateLine => ({ otherwise: true, asks: asked }))
  const gate = fc.tuple(fc.array(line, { maxLength: 4 }), fallback).map(([lines, last]): GateLine[] => [...lines, last])
  /** The same gate with a few lines more, fewer or otherwise. */
  const pair = gate.chain((one) =>
    fc.tuple(
      fc.constant(one),
      fc.oneof(
        gate,
        fc.shuffledSubarray(one, { minLength: 1 }),
        gate.map((more) => [...one, ...more]),
      ),
    ),
  )
  const facts = fc
    .record({ hold: fc.boolean(), customer: fc.boolean(), amount: fc.constantFrom(5n, 10n, 15n, 20n, 25n) })
    .map(({ hold, customer: isCustomer, amount }): GateFacts => ({
      merge: { movesAmount: amount, movesRecords: 0n, losers: 1n, closedWon: false },
      changes: [
        {
          change: { object: 'Account', field: '', kind: 'merge' },
          record: { legalHold: hold, customer: isCustomer, personAccount: false },
        },
      ],
    }))

  it('blocks what was blocked and asks at least the same people, whatever the facts are', () => {
    let compared = 0
    fc.assert(
      fc.property(pair, facts, ([one, other], now) => {
        if (weakenings(one, other).length > 0) return
        compared += 1
        const [asked, asks] = [judgeGate(one, now), judgeGate(other, now)]
        if ('block' in asks) return
        expect(asked).not.toHaveProperty('block')
        if ('require' in asked) expect(covers(asks.require, asked.require)).toBe(true)
      }),
      { numRuns: 4_000 },
    )
    expect(compared).toBeGreaterThan(200)
  })

  it('is every gate compared with itself, and none that lacks a line or a person', () => {
    const extra = fc.oneof(
      fc.constant<GateLine>({ when: 'lead.Status == "Lost"', block: 'Lost' }),
      rosters.map((asked): GateLine => ({ when: 'lead.Status == "Lost"', asks: asked })),
    )
    fc.assert(
      fc.property(gate, extra, (lines, line) => {
        expect(weakenings(lines, lines)).toEqual([])
        expect(weakenings([line, ...lines], lines)).not.toEqual([])
        if (!('asks' in line)) return
        const [first, ...others] = line.asks
        const fewer = { ...line, asks: [{ ...first!, needs: first!.needs - 1 }, ...others] }
        expect(weakenings([line, ...lines], [fewer, ...lines])).not.toEqual([])
      }),
    )
  })
})
