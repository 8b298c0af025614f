// Guarantee 6: what a proposal was concluded from counts as much as what it replaces, although nothing writes it and no gate names it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Evidence } from '../../../server/contract/change-set.ts'
import type { Operation } from '../../../server/contract/operations/operation.ts'
import { driftOfEvidence } from '../../../server/salesforce-mcp/commit/drift.ts'
import type { RecordState, States } from '../../../server/salesforce-mcp/writers/state.ts'
import { approve, callTool } from '../calling.ts'
import { baseOf } from '../house.ts'
import { openReconciling, statuses, type Reconciling } from '../reconciling.ts'
import { sealedOf, type Sealed } from '../signing.ts'

const [LEAD, ACCOUNT, OTHER, LOSER] = ['00Q', '001', '001', '001'].map(
  (prefix, n) => `${prefix}00000000000${n}AAA`,
) as [string, string, string, string]
const set = (to: string) => ({ from: null, to, source: 'rule:x' })

const KINDS: Record<Operation['kind'], Operation> = {
  update: { kind: 'update', object: 'Account', id: ACCOUNT, fields: { Phone: set('1') } },
  create: { kind: 'create', object: 'Task', key: 'task', fields: { WhatId: { to: ACCOUNT, source: 'rule:x' } } },
  changeOwner: {
    kind: 'changeOwner',
    object: 'Account',
    id: ACCOUNT,
    from: 'a',
    to: 'b',
    source: 'rule:x',
    keepTeam: true,
    transfer: [],
  },
  merge: {
    kind: 'merge',
    object: 'Account',
    survivor: ACCOUNT,
    losers: [LOSER],
    fields: { Phone: set('1') },
    moves: [],
  },
  delete: { kind: 'delete', object: 'Account', id: LOSER },
  undelete: { kind: 'undelete', object: 'Account', id: LOSER, mergedInto: ACCOUNT },
  convertLead: {
    kind: 'convertLead',
    id: LEAD,
    convertedStatus: 'Done',
    opportunity: 'none',
    overwriteLeadSource: false,
  },
}

const evidence: Evidence[] = [
  { object: 'Lead', id: LEAD, field: 'Company', value: 'Acme' },
  { object: 'Account', id: ACCOUNT, field: 'Website', value: 'acme.example' },
  { object: 'Account', id: OTHER, field: 'Name', value: 'Acme Holding' },
]

function statesWith(changes: Record<string, Record<string, unknown>>): States {
  const values: Record<string, Record<string, unknown>> = {
    [LEAD]: { Company: 'Acme', Status: 'Open' },
    [ACCOUNT]: { Website: 'acme.example', Phone: null, Type: 'Customer', OwnerId: 'a' },
    [OTHER]: { Name: 'Acme Holding', Type: 'Customer' },
  }
  const schema = { comparedAs: () => 'text' }
  return new Map(
    Object.entries(values).map(([id, own]) => {
      const state = { object: id.startsWith('00Q') ? 'Lead' : 'Account', id, relations: [], schema }
      return [
        id,
        { ...state, values: { ...own, 'LastModifiedBy.Name': 'Dana', ...changes[id] } } as unknown as RecordState,
      ]
    }),
  )
}

describe.each(Object.values(KINDS))('under an operation of kind $kind', (operation) => {
  const drift = (changes: Record<string, Record<string, unknown>>) =>
    driftOfEvidence({ operations: [operation], evidence }, statesWith(changes)).map(({ id, field, by }) => [
      id,
      field,
      by,
    ])

  it.each([
    ['the lead', LEAD, 'Company'],
    ['an account that is proposed to be written', ACCOUNT, 'Website'],
    ['an account that nothing writes', OTHER, 'Name'],
  ])('a changed value of %s is drift, with the person who changed it', (_title, id, field) => {
    expect(drift({ [id]: { [field]: 'another' } })).toEqual([[id, field, 'Dana']])
  })

  it('a record of the evidence that is gone is drift', () => {
    expect(drift({ [OTHER]: { IsDeleted: true } })).toEqual([[OTHER, 'IsDeleted', 'Dana']])
  })

  it('other values are none of it', () => {
    expect(drift({ [LEAD]: { Status: 'Working' }, [ACCOUNT]: { Type: 'Prospect', Phone: '2', OwnerId: 'c' } })).toEqual(
      [],
    )
  })
})

describe('a commit', () => {
  let house: Reconciling
  beforeAll(async () => {
    house = await openReconciling()
  })
  afterAll(() => house.close())
  const asAdmin = () => ({ api: 'ui', version: '66.0', userId: house.ids.admin }) as const

  async function sealedWith(some: Evidence[]): Promise<Sealed> {
    const { lead } = house.ids
    const operations: Operation[] = [
      {
        kind: 'update',
        object: 'Lead',
        id: lead,
        fields: { Status: { from: 'Open - Not Contacted', to: 'Working - Contacted', source: 'rule:x' } },
      },
    ]
    return sealedOf(operations, await baseOf(house, operations), { evidence: some })
  }
  const commit = async (sealed: Sealed) => {
    const approvals = [await approve(house.client, sealed, house.ids.admin)]
    return callTool(house.client, 'commitChangeSet', { leaves: sealed.leaves, approvals }, 'run-1')
  }

  it('is not begun when an account that it only links to became another company, and is when something else of it changed', async () => {
    const { survivor } = house.ids
    const sealed = await sealedWith([
      { object: 'Account', id: survivor, field: 'Website', value: 'https://www.acme.example' },
    ])
    house.org.org.update(asAdmin(), 'Account', survivor, { Website: 'https://other.example' })
    const refused = await commit(sealed)
    expect(statuses(refused)).toEqual(['composite notSent'])
    expect(refused.drift).toMatchObject([{ id: survivor, field: 'Website', now: 'https://other.example' }])
    expect(refused.drift[0]?.by).toEqual(expect.any(String))

    house.org.org.update(asAdmin(), 'Account', survivor, { Website: 'https://www.acme.example', Type: 'Prospect' })
    expect(statuses(await commit(sealed))).toEqual(['composite written'])
  })

  it('is refused when the evidence names what the grant does not read', async () => {
    const { survivor } = house.ids
    const sealed = await sealedWith([{ object: 'Account', id: survivor, field: 'Fax', value: null }])
    await expect(commit(sealed)).rejects.toMatchObject({ error: { code: 'not-granted' } })
  })
})
