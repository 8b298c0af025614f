import { describe, expect, it } from 'vitest'
import { gateFor, type GateChange, type GateFacts } from '../../../server/brain/missions/gates.ts'
import { missionsFor, objectsWatched } from '../../../server/brain/runs/trigger-match.ts'
import type { GateLine } from '../../../server/brain/domain/mission.ts'
import { flagship, mission } from '../questions/same-entity/fake-context.ts'

const NOTHING = { legalHold: false, customer: false, personAccount: false }
const change = (field: string, record: Partial<GateChange['record']> = {}): GateChange => ({
  change: { object: 'Account', field, kind: 'merge' },
  record: { ...NOTHING, ...record },
})
const facts = (changes: GateChange[], movesAmount = 0n): GateFacts => ({
  merge: { movesAmount, movesRecords: 0n, losers: 1n, closedWon: false },
  lead: { Status: 'Qualified' },
  changes,
})
const lines = flagship.definition.gate

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
      { require: { line: 1, needs: 2, from: 'group:RevOps' } },
    ],
    [
      'asks one person below that',
      facts([change('Fax')], 99_999n),
      { require: { line: 3, needs: 1, from: 'permission:Decide_Missions' } },
    ],
    [
      'asks RevOps when an owner changes',
      facts([change('Fax'), change('OwnerId')]),
      { require: { line: 2, needs: 1, from: 'group:RevOps' } },
    ],
    [
      'takes the first line that matches',
      facts([change('OwnerId')], 200_000n),
      { require: { line: 1, needs: 2, from: 'group:RevOps' } },
    ],
    [
      'asks a decider for anything else',
      facts([change('Fax')]),
      { require: { line: 3, needs: 1, from: 'permission:Decide_Missions' } },
    ],
  ])('%s', (_title, given, answer) => expect(gateFor(lines, given)).toEqual(answer))

  it('counts a line it cannot evaluate as a match', () => {
    const strict: GateLine[] = [
      { when: "lead.NotRead == 'x'", block: 'Unknown' },
      { otherwise: true, needs: 1, from: 'group:A' },
    ]
    expect(gateFor(strict, facts([change('Fax')]))).toEqual({ block: 'Unknown', line: 0 })
  })

  it('sees the lead', () => {
    const lead: GateLine[] = [
      { when: "lead.Status in ['Qualified']", needs: 2, from: 'group:A' },
      { otherwise: true, needs: 1, from: 'group:B' },
    ]
    expect(gateFor(lead, facts([change('Fax')]))).toMatchObject({ require: { line: 0 } })
  })
})

describe('a change in the org', () => {
  const event = (object: string, changeType: string) => ({
    topic: `/data/${object}ChangeEvent`,
    replayId: '',
    object,
    changeType,
    recordIds: [],
    client: null,
    at: '2026-11-20T10:00:00.000Z',
  })

  it.each([
    ['Lead', 'CREATE', ['duplicate-account-reconciliation']],
    ['Lead', 'UNDELETE', ['duplicate-account-reconciliation']],
    ['Lead', 'GAP_CREATE', ['duplicate-account-reconciliation']],
    ['Lead', 'UPDATE', []],
    ['Account', 'CREATE', []],
    ['Lead', 'GAP_OVERFLOW', []],
  ])('to a %s by %s starts %j', (object, type, names) => {
    expect(missionsFor(event(object, type), [mission]).map(({ mission: { name } }) => name)).toEqual(names)
  })

  it('starts a mission after its delay', () => {
    const delayed = {
      ...mission,
      definition: { ...mission.definition, trigger: [{ change: 'Lead.created', after: '5m' }] },
    }
    expect(missionsFor(event('Lead', 'CREATE'), [delayed])[0]?.afterSeconds).toBe(300)
  })

  it('is waited for only on objects that missions name', () => expect(objectsWatched([mission])).toEqual(['Lead']))
})
