import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FieldValue } from '../../../server/contract/values/field-value.ts'
import type { Operation } from '../../../server/contract/operations/operation.ts'
import type { Grant } from '../../../server/contract/grant.ts'
import { planTransactions } from '../../../server/contract/operations/operation.ts'
import { asWritten, foreseeUndo, planUndo } from '../../../server/brain/undo/plan/undo-plan.ts'
import type { Held } from '../../../server/brain/undo/plan/plan-parts.ts'
import { putsBack, undoStatement } from '../../../server/brain/undo/plan/undo-words.ts'
import { outsideGrant } from '../../../server/salesforce-mcp/grants/covers.ts'
import { CORP, INC, LEAD, TASK, USERS } from '../decisions/acme.ts'
import {
  type Kinds,
  ALL,
  basis,
  grantOf,
  FIELDS,
  writes,
  source,
  update,
  owner,
  create,
  merge,
  TABLE,
} from './plan-cases.ts'

describe('what is said about undo before approval', () => {
  it.each(Object.entries(TABLE))(
    'is what the planner does: %s',
    (_name, { operations, granted = writes(), ...expected }) => {
      const foreseen = foreseeUndo(operations, grantOf(granted))
      const created = { followUp: TASK }
      const planned = planUndo({ operations, ...basis(granted), created }, asWritten(operations, created), {})
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
      { ...basis(), operations: [update, owner(), create, merge()], created: { followUp: TASK } },
      held(values),
      {},
    )
  const whys = (values: Record<string, Record<string, FieldValue>>) =>
    plan(values)
      .stays.map(({ why }) => why)
      .filter((why) => why !== 'merge-drops')

  it.each([
    ['text', '1.1', [], ['changed']],
    ['number', '1.1', ['1.0'], []],
    ['text', '1.10', ['1.0'], []],
    ['text', '1.0', [], []],
    ['number', '1.00', [], []],
  ] as const)('compares a %s that now holds %s by its type', (as, now, back, whys) => {
    const fields = { Fax: { from: '1.0', to: '1.10', source } }
    const operations: Operation[] = [{ kind: 'update', object: 'Account', id: CORP, fields }]
    const undo = planUndo({ ...basis(), operations }, new Map([[CORP, { Fax: now }]]), {
      Account: { Fax: as },
    })
    expect(undo.operations.flatMap((op) => (op.kind === 'update' ? [op.fields['Fax']?.to] : []))).toEqual(back)
    expect(undo.stays.map(({ why }) => why)).toEqual(whys)
  })

  it('foresees that a text put back letter by letter comes back', () => {
    const fields = { Fax: { from: '1.10', to: '1.1', source } }
    expect(foreseeUndo([{ kind: 'update', object: 'Account', id: CORP, fields }], grantOf()).class).toBe('full')
  })

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
/** Each record takes over one other. */
const loserOf = (id: string) => `001AC000000009${IDS.indexOf(id)}YAA`
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
      kind: 'merge',
      object: 'Account',
      survivor: id,
      losers: [loserOf(id)],
      moves: [],
      fields: { [field]: { from: null, to, source } },
    })),
  )
const anyChangeSet = fc.uniqueArray(fc.constantFrom(...IDS).chain(anyOperation), {
  minLength: 1,
  maxLength: 6,
  selector: (op) => (op.kind === 'merge' ? op.survivor : op),
})
const anyOrg = fc
  .array(fc.record({ Phone: value, Fax: value, Site: value, OwnerId: fc.constantFrom(USERS.dana, USERS.priya) }), {
    minLength: 3,
    maxLength: 3,
  })
  .map((rows): Org => {
    const losers = IDS.map((id) => [loserOf(id), { IsDeleted: false, MasterRecordId: null }] as const)
    return new Map<string, Record<string, FieldValue>>([
      ...rows.map((row, n) => [IDS[n] ?? '', row] as const),
      ...losers,
    ])
  })

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
    if (op.kind === 'undelete') {
      after.set(op.id, { IsDeleted: false, MasterRecordId: null })
      return [op]
    }
    if (op.kind !== 'update' && op.kind !== 'merge') return []
    if (op.kind === 'merge') op.losers.forEach((id) => after.set(id, { IsDeleted: true, MasterRecordId: op.survivor }))
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
        const undo = planUndo({ ...basis(), operations: written }, after, {})
        const back = write(after, undo.operations)
        expect(back.after).toEqual(org)
        expect(back.written).toEqual(undo.operations)
        const redo = planUndo({ ...basis(), operations: undo.operations }, back.after, {})
        expect(redo.stays.filter(({ why }) => why !== 'restored')).toEqual([])
        const again = write(back.after, redo.operations).after
        expect(IDS.map((id) => again.get(id))).toEqual(IDS.map((id) => after.get(id)))
      }),
    )
  })

  it('never proposes what the grant does not write, as salesforce-mcp judges it', () => {
    const kinds = fc.subarray<Kinds[number]>(ALL)
    const grants = fc.tuple(kinds, fc.subarray(FIELDS)).map(([some, fields]): Grant => ({
      mission: 'm',
      version: 1,
      reads: {},
      writes: { Account: { kinds: some, fields }, Task: { kinds: some, fields } },
      gate: [],
      facts: {},
      definition: { parsed: '', source: '' },
      knowledge: {},
      limits: { records: 50, apiCalls: 12 },
    }))
    fc.assert(
      fc.property(anyOrg, anyChangeSet, grants, (org, operations, grant) => {
        const { after, written } = write(org, operations)
        const all = [...written, create]
        const held = new Map([...after, [TASK, { Subject: 'Call' }] as const])
        const undo = planUndo({ ...basis(grant.writes), operations: all, created: { followUp: TASK } }, held, {})
        expect(outsideGrant(grant, undo.operations)).toBeNull()
        expect(putsBack(undo)).toBe(putsBack(foreseeUndo(all, grant)))
      }),
    )
  })
})
