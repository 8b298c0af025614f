// Random operations of every kind, small enough that two of them are often nearly the same.
import fc from 'fast-check'
import type { Operation, OperationKind } from '../../server/contract/operations/operation.ts'

const idOf = (prefix: string) => fc.integer({ min: 1, max: 9 }).map((n) => `${prefix}00000000000${n}AAA`)
const account = idOf('001')
const user = idOf('005')
const object = fc.constantFrom('Account', 'Contact', 'Opportunity')
const field = fc.constantFrom('Phone', 'Fax', 'OwnerId', 'Amount', 'Site', 'Start__c')
const value = fc.oneof(
  fc.constantFrom<(string | boolean | null)[]>(null, true, false, '', 'a', 'b', 'A', 'a ', '\u202ea', '(blank)', 'Yes'),
  fc.constantFrom('1', '1.0', '01', '1200', '2026-11-23', '2026-11-24', '2026-11-23T20:15:00.000Z'),
  fc.constantFrom('2026-11-23T20:15:07.000Z', '⟦U+202E⟧a', '<b>a</b>', 'a\nb'),
  account,
)
const source = fc.oneof(
  fc.constantFrom(
    'kept',
    'rule:newest',
    'rule:oldest',
    'knowledge:policy v1 §a',
    'computed:sum',
    'model(e1)',
    'model(e2)',
  ),
  account.map((id) => `record:${id}`),
  user.map((id) => `person:${id}`),
)
const change = fc.record({ from: value, to: value, source })
const fieldsOf = <T>(each: fc.Arbitrary<T>) => fc.dictionary(field, each, { maxKeys: 3, noNullPrototype: true })
const move = fc.oneof(
  fc.record({
    object: fc.constantFrom('Contact', 'Opportunity'),
    field: fc.constant('AccountId'),
    ids: fc.uniqueArray(idOf('003'), { maxLength: 3 }),
  }),
)
const TRANSFERS = [
  'TransferOpenActivities',
  'TransferOwnedOpenCases',
  'TransferAllOwnedCases',
  'TransferContacts',
] as const

/** One arbitrary for each kind: a kind that is missing here does not compile. */
const byKind: { [K in OperationKind]: fc.Arbitrary<Extract<Operation, { kind: K }>> } = {
  update: fc.record({ kind: fc.constant('update'), object, id: account, fields: fieldsOf(change) }),
  changeOwner: fc.record({
    kind: fc.constant('changeOwner'),
    object,
    id: account,
    from: user,
    to: user,
    source,
    keepTeam: fc.boolean(),
    transfer: fc.subarray([...TRANSFERS], { maxLength: 3 }),
  }),
  create: fc.record({
    kind: fc.constant('create'),
    object,
    key: fc.constantFrom('followUp', 'note'),
    fields: fieldsOf(fc.record({ to: value, source })),
  }),
  merge: fc.record({
    kind: fc.constant('merge'),
    object: fc.constant('Account'),
    survivor: account,
    losers: fc.uniqueArray(account, { minLength: 1, maxLength: 2 }),
    fields: fieldsOf(change),
    moves: fc.array(move, { maxLength: 2 }),
  }),
  convertLead: fc.record(
    {
      kind: fc.constant('convertLead'),
      id: idOf('00Q'),
      convertedStatus: fc.constantFrom('Qualified', 'Closed'),
      ownerId: user,
      accountId: account,
      contactId: idOf('003'),
      opportunity: fc.constantFrom('none', 'existing', 'new'),
      overwriteLeadSource: fc.constant(false),
    },
    { requiredKeys: ['kind', 'id', 'convertedStatus', 'opportunity', 'overwriteLeadSource'] },
  ),
  undelete: fc.record({
    kind: fc.constant('undelete'),
    object,
    id: account,
    mergedInto: fc.option(account),
  }),
  delete: fc.record({ kind: fc.constant('delete'), object, id: account }),
}

export const anyOperation: fc.Arbitrary<Operation> = fc.oneof(...(Object.values(byKind) as fc.Arbitrary<Operation>[]))
export const anyOperations = fc.array(anyOperation, { minLength: 1, maxLength: 4 })
