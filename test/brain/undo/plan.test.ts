import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FieldValue } from '../../../server/contract/values/field-value.ts'
import type { Operation, OperationKind } from '../../../server/contract/operations/operation.ts'
import type { Grant } from '../../../server/contract/grant.ts'
import { planTransactions } from '../../../server/contract/operations/operation.ts'
import { asWritten, foreseeUndo, planUndo, type Held } from '../../../server/brain/undo/plan/undo-plan.ts'
import { putsBack, undoStatement } from '../../../server/brain/undo/plan/undo-words.ts'
import { outsideGrant } from '../../../server/salesforce-mcp/grants/covers.ts'
import { CORP, INC, LEAD, TASK, USERS } from '../decisions/acme.ts'

type Kinds = Grant['writes'][string]['kinds']

const ALL: Kinds = ['update', 'changeOwner', 'create', 'merge', 'convertLead', 'delete']
const FIELDS = ['Phone', 'Fax', 'Site', 'Subject', 'WhoId', 'OwnerId', 'Matched_Account__c']
const writes = (kinds: Kinds = ALL): Grant['writes'] =>
  Object.fromEntries(['Account', 'Lead', 'Task'].map((object) => [object, { kinds, fields: FIELDS }]))
const without = (kind: Kinds[number]) => writes(ALL.filter((each) => each !== kind))

const source = 'rule:test'
const update: Operation = {
  ...{ kind: 'update', object: 'Lead', id: LEAD },
  fields: { Matched_Account__c: { from: null, to: CORP, source } },
}
const owner = (more: { keepTeam?: boolean; transfer?: string[]; object?: string; id?: string } = {}): Operation => ({
  ...{ kind: 'changeOwner', object: 'Lead', id: LEAD, from: USERS.dana, to: USERS.priya, source },
  ...{ keepTeam: true, transfer: [], ...more },
})
const create: Operation = {
  kind: 'create',
  object: 'Task',
  key: 'followUp',
  fields: { Subject: { to: 'Call', source } },
}
const merge = (fields: Record<string, FieldValue> = { Phone: '1', Fax: '2' }): Operation => ({
  ...{ kind: 'merge', object: 'Account', survivor: CORP, losers: [INC] },
  fields: Object.fromEntries(Object.entries(fields).map(([field, to]) => [field, { from: null, to, source }])),
  moves: [{ object: 'Contact', field: 'AccountId', ids: [USERS.dana, USERS.priya] }],
})
const convert: Operation = {
  ...{ kind: 'convertLead', id: LEAD, convertedStatus: 'Qualified', opportunity: 'none', overwriteLeadSource: false },
}
const remove: Operation = { kind: 'delete', object: 'Account', id: INC }

interface Case {
  operations: Operation[]
  granted?: Grant['writes']
  class: 'full' | 'partial' | 'none'
  /** Kinds of the operations that put it back. */
  back: OperationKind[]
  sentence: string
}

const MERGED = '1 merged record (15 days in the Recycle Bin), 2 moved records'

const TABLE: Record<string, Case> = {
  'an update': { operations: [update], class: 'full', back: ['update'], sentence: 'Undo: full. Puts back 1 value.' },
  'an update the mission may not make alone': {
    ...{ operations: [merge(), update], granted: { ...writes(), Lead: { kinds: ['merge'], fields: [] } } },
    ...{ class: 'partial', back: ['update'] },
    sentence: `Undo: partial. Puts back 2 values. Won't come back: ${MERGED}; 1 value that this mission may not write alone.`,
  },
  'a change of owner': {
    ...{ operations: [owner()], class: 'full', back: ['changeOwner'], sentence: 'Undo: full. Puts back 1 owner.' },
  },
  'a change of owner that took records along': {
    ...{ operations: [owner({ transfer: ['TransferOpenActivities'] })], class: 'partial', back: ['changeOwner'] },
    sentence: "Undo: partial. Puts back 1 owner. Won't come back: what moved along with an owner.",
  },
  'a change of owner that dropped the account team': {
    operations: [owner({ object: 'Account', id: CORP, keepTeam: false })],
    ...{ class: 'partial', back: ['changeOwner'] },
    sentence: "Undo: partial. Puts back 1 owner. Won't come back: team members removed with the owner.",
  },
  'a creation, where the grant deletes': {
    ...{ operations: [create], class: 'full', back: ['delete'], sentence: 'Undo: full. Deletes 1 new record.' },
  },
  'a creation, where the grant does not delete': {
    ...{ operations: [create], granted: without('delete'), class: 'none', back: [] },
    sentence: "Undo: none. Won't come back: the new Task, which stays.",
  },
  'a merge with values': {
    ...{ operations: [merge()], class: 'partial', back: ['update'] },
    sentence: `Undo: partial. Puts back 2 values. Won't come back: ${MERGED}.`,
  },
  'a merge without values': {
    ...{ operations: [merge({})], class: 'none', back: [], sentence: `Undo: none. Won't come back: ${MERGED}.` },
  },
  'a merge whose values only a merge may write': {
    ...{ operations: [merge()], granted: without('update'), class: 'none', back: [] },
    sentence: `Undo: none. Won't come back: ${MERGED}; 2 values that this mission may not write alone.`,
  },
  'a conversion, and what was set on the lead before it': {
    ...{ operations: [update, owner(), convert], class: 'none', back: [] },
    sentence: "Undo: none. Won't come back: the conversion of the lead.",
  },
  'a deletion': {
    ...{ operations: [remove], class: 'none', back: [] },
    sentence: "Undo: none. Won't come back: 1 deleted record (15 days in the Recycle Bin).",
  },
  'everything at once': {
    ...{
      operations: [update, create, owner(), merge()],
      class: 'partial',
      back: ['update', 'update', 'changeOwner', 'delete'],
    },
    sentence: `Undo: partial. Puts back 3 values and 1 owner and deletes 1 new record. Won't come back: ${MERGED}.`,
  },
}

describe('what is said about undo before approval', () => {
  it.each(Object.entries(TABLE))(
    'is what the planner does: %s',
    (_name, { operations, granted = writes(), ...expected }) => {
      const foreseen = foreseeUndo(operations, granted)
      const created = { followUp: TASK }
      const planned = planUndo({ operations, created, writes: granted }, asWritten(operations, created))
      expect(undoStatement(foreseen)).toEqual({ class: expected.class, sentence: expected.sentence })
      expect(undoStatement(planned)).toEqual(undoStatement(foreseen))
      expect(planned.operations.map(({ kind }) => kind)).toEqual(expected.back)
    },
  )

  it('covers every kind of operation', () => {
    const kinds = Object.values(TABLE).flatMap(({ operations }) => operations.map(({ kind }) => kind))
    expect([...new Set(kinds)].sort()).toEqual([...ALL].sort())
  })
})

describe('what somebody did since', () => {
  const held = (values: Record<string, Record<string, FieldValue>>): Held =>
    new Map(
      Object.entries({
        ...Object.fromEntries(asWritten([update, owner(), create, merge()], { followUp: TASK })),
        ...values,
      }),
    )
  const plan = (values: Record<string, Record<string, FieldValue>>) =>
    planUndo(
      { operations: [update, owner(), create, merge()], created: { followUp: TASK }, writes: writes() },
      held(values),
    )
  const whys = (values: Record<string, Record<string, FieldValue>>) =>
    plan(values)
      .stays.map(({ why }) => why)
      .filter((why) => why !== 'merged')

  it('leaves a value alone that is no longer the one written', () => {
    const { operations, stays } = plan({ [CORP]: { Phone: '1', Fax: 'other' } })
    expect(stays).toContainEqual({ why: 'changed', record: { object: 'Account', id: CORP }, field: 'Fax' })
    expect(operations).toContainEqual(
      expect.objectContaining({
        kind: 'update',
        id: CORP,
        fields: { Phone: expect.objectContaining({ from: '1', to: null }) },
      }),
    )
  })

  it.each<[string, Record<string, Record<string, FieldValue>>, string[]]>([
    ['a value that was put back by hand already', { [CORP]: { Phone: null, Fax: '2' } }, []],
    ['a record that is gone', { [CORP]: { IsDeleted: true, Phone: '1', Fax: '2' } }, ['gone']],
    ['a value that cannot be read', { [CORP]: { Phone: '1' } }, ['unread']],
    ['a task that was worked on', { [TASK]: { Subject: 'Called' } }, ['worked-on']],
    ['a task that was deleted by hand', { [TASK]: { Subject: 'Call', IsDeleted: true } }, []],
    ['an owner who left', { [USERS.dana]: { IsActive: false } }, ['inactive']],
    [
      'a lead that was converted',
      { [LEAD]: { Matched_Account__c: CORP, OwnerId: USERS.priya, IsConverted: true } },
      ['converted', 'converted'],
    ],
  ])('tells of %s', (_name, values, expected) => {
    expect(whys(values)).toEqual(expected)
  })
})

type Org = Map<string, Record<string, FieldValue>>
const IDS = [CORP, INC, LEAD]
const value = fc.constantFrom<FieldValue>(null, 'a', 'b', '10', true)
const fieldsAnd = (of: (field: string, to: FieldValue) => Operation) =>
  fc.tuple(fc.constantFrom('Phone', 'Fax', 'Site'), value).map(([field, to]) => of(field, to))
const anyOperation = (id: string): fc.Arbitrary<Operation> =>
  fc.oneof(
    fieldsAnd((field, to) => ({
      kind: 'update',
      object: 'Account',
      id,
      fields: { [field]: { from: null, to, source } },
    })),
    fc
      .constantFrom(USERS.dana, USERS.priya, USERS.admin)
      .map((to) => ({ ...owner({ object: 'Account', id }), to }) as Operation),
    fieldsAnd((field, to) => ({
      ...{ kind: 'merge', object: 'Account', survivor: id, losers: [USERS.rep], moves: [] },
      fields: { [field]: { from: null, to, source } },
    })),
  )
const anyChangeSet = fc.array(fc.constantFrom(...IDS).chain(anyOperation), { minLength: 1, maxLength: 6 })
const anyOrg = fc
  .array(fc.record({ Phone: value, Fax: value, Site: value, OwnerId: fc.constantFrom(USERS.dana, USERS.priya) }), {
    ...{ minLength: 3, maxLength: 3 },
  })
  .map((rows): Org => new Map(rows.map((row, n) => [IDS[n] ?? '', row])))

/** The operations as they would be written one after the other: each `from` is what it found. */
function write(org: Org, operations: readonly Operation[]): { after: Org; written: Operation[] } {
  const after = new Map([...org].map(([id, values]) => [id, { ...values }]))
  const order = planTransactions(operations).flatMap((transaction) => transaction.operations)
  const written = order.flatMap((index): Operation[] => {
    const op = operations[index]
    const row = op && after.get(op.kind === 'merge' ? op.survivor : 'id' in op ? op.id : '')
    if (!op || !row) return []
    if (op.kind === 'changeOwner') {
      const from = String(row['OwnerId'])
      row['OwnerId'] = op.to
      return [{ ...op, from }]
    }
    if (op.kind !== 'update' && op.kind !== 'merge') return []
    const fields = Object.fromEntries(
      Object.entries(op.fields).map(([field, change]) => {
        const from = row[field] ?? null
        row[field] = change.to
        return [field, { ...change, from }]
      }),
    )
    return [{ ...op, fields }]
  })
  return { after, written }
}

describe('undo', () => {
  it('puts every value back, and the undo of the undo puts every value there again', () => {
    fc.assert(
      fc.property(anyOrg, anyChangeSet, (org, operations) => {
        const { after, written } = write(org, operations)
        const undo = planUndo({ operations: written, created: {}, writes: writes() }, after)
        const back = write(after, undo.operations)
        expect(back.after).toEqual(org)
        expect(back.written).toEqual(undo.operations)
        const redo = planUndo({ operations: undo.operations, created: {}, writes: writes() }, back.after)
        expect(redo.stays).toEqual([])
        expect(write(back.after, redo.operations).after).toEqual(after)
      }),
    )
  })

  it('never proposes what the grant does not write, as salesforce-mcp judges it', () => {
    const kinds = fc.subarray<Kinds[number]>(ALL)
    const grants = fc.tuple(kinds, fc.subarray(FIELDS)).map(([some, fields]): Grant => ({
      ...{
        mission: 'm',
        version: 1,
        reads: {},
        writes: { Account: { kinds: some, fields }, Task: { kinds: some, fields } },
      },
      ...{ gates: [], limits: { records: 50, apiCalls: 12 } },
    }))
    fc.assert(
      fc.property(anyOrg, anyChangeSet, grants, (org, operations, grant) => {
        const { after, written } = write(org, operations)
        const all = [...written, create]
        const held = new Map([...after, [TASK, { Subject: 'Call' }] as const])
        const undo = planUndo({ operations: all, created: { followUp: TASK }, writes: grant.writes }, held)
        expect(outsideGrant(grant, undo.operations)).toBeNull()
        expect(putsBack(undo)).toBe(putsBack(foreseeUndo(all, grant.writes)))
      }),
    )
  })
})
