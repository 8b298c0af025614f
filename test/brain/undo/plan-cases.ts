// Change sets of each kind, and what undoing each of them comes to.
import type { FieldValue } from '../../../server/contract/values/field-value.ts'
import type { Operation, OperationKind, OperationOf } from '../../../server/contract/operations/operation.ts'
import type { Grant } from '../../../server/contract/grant.ts'
import { CORP, INC, LEAD, USERS } from '../decisions/acme.ts'

export type Kinds = Grant['writes'][string]['kinds']

export const ALL: Kinds = ['update', 'changeOwner', 'create', 'merge', 'convertLead', 'delete']
export const FIELDS = ['Phone', 'Fax', 'Site', 'Subject', 'WhoId', 'OwnerId', 'Matched_Account__c']
export const writes = (kinds: Kinds = ALL): Grant['writes'] =>
  Object.fromEntries(['Account', 'Lead', 'Task'].map((object) => [object, { kinds, fields: FIELDS }]))
const without = (kind: Kinds[number]) => writes(ALL.filter((each) => each !== kind))

export const source = 'rule:test'
export const update: Operation = {
  kind: 'update',
  object: 'Lead',
  id: LEAD,
  fields: { Matched_Account__c: { from: null, to: CORP, source } },
}
export const owner = (
  more: Partial<Pick<OperationOf<'changeOwner'>, 'keepTeam' | 'transfer' | 'object' | 'id'>> = {},
): Operation => ({
  kind: 'changeOwner',
  object: 'Lead',
  id: LEAD,
  from: USERS.dana,
  to: USERS.priya,
  source,
  keepTeam: true,
  transfer: [],
  ...more,
})
export const create: Operation = {
  kind: 'create',
  object: 'Task',
  key: 'followUp',
  fields: { Subject: { to: 'Call', source } },
}
export const merge = (fields: Record<string, FieldValue> = { Phone: '1', Fax: '2' }): Operation => ({
  kind: 'merge',
  object: 'Account',
  survivor: CORP,
  losers: [INC],
  fields: Object.fromEntries(Object.entries(fields).map(([field, to]) => [field, { from: null, to, source }])),
  moves: [{ object: 'Contact', field: 'AccountId', ids: [USERS.dana, USERS.priya] }],
})
const convert: Operation = {
  kind: 'convertLead',
  id: LEAD,
  convertedStatus: 'Qualified',
  opportunity: 'none',
  overwriteLeadSource: false,
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

export const TABLE: Record<string, Case> = {
  'an update': { operations: [update], class: 'full', back: ['update'], sentence: 'Undo: full. Puts back 1 value.' },
  'an update the mission may not make alone': {
    operations: [merge(), update],
    granted: { ...writes(), Lead: { kinds: ['merge'], fields: [] } },
    class: 'partial',
    back: ['update'],
    sentence: `Undo: partial. Puts back 2 values. Won't come back: ${MERGED}; 1 value that this mission may not write alone.`,
  },
  'a change of owner': {
    operations: [owner()],
    class: 'full',
    back: ['changeOwner'],
    sentence: 'Undo: full. Puts back 1 owner.',
  },
  'a change of owner that took records along': {
    operations: [owner({ transfer: ['TransferOpenActivities'] })],
    class: 'partial',
    back: ['changeOwner'],
    sentence: "Undo: partial. Puts back 1 owner. Won't come back: what moved along with an owner.",
  },
  'a change of owner that dropped the account team': {
    operations: [owner({ object: 'Account', id: CORP, keepTeam: false })],
    class: 'partial',
    back: ['changeOwner'],
    sentence: "Undo: partial. Puts back 1 owner. Won't come back: team members removed with the owner.",
  },
  'a creation, where the grant deletes': {
    operations: [create],
    class: 'full',
    back: ['delete'],
    sentence: 'Undo: full. Deletes 1 new record.',
  },
  'a creation, where the grant does not delete': {
    operations: [create],
    granted: without('delete'),
    class: 'none',
    back: [],
    sentence: "Undo: none. Won't come back: the new Task, which stays.",
  },
  'a merge with values': {
    operations: [merge()],
    class: 'partial',
    back: ['update'],
    sentence: `Undo: partial. Puts back 2 values. Won't come back: ${MERGED}.`,
  },
  'a merge without values': {
    operations: [merge({})],
    class: 'none',
    back: [],
    sentence: `Undo: none. Won't come back: ${MERGED}.`,
  },
  'a merge whose values only a merge may write': {
    operations: [merge()],
    granted: without('update'),
    class: 'none',
    back: [],
    sentence: `Undo: none. Won't come back: ${MERGED}; 2 values that this mission may not write alone.`,
  },
  'a conversion, and what was set on the lead before it': {
    operations: [update, owner(), convert],
    class: 'none',
    back: [],
    sentence: "Undo: none. Won't come back: the conversion of the lead.",
  },
  'a deletion': {
    operations: [remove],
    class: 'none',
    back: [],
    sentence: "Undo: none. Won't come back: 1 deleted record (15 days in the Recycle Bin).",
  },
  'everything at once': {
    operations: [update, create, owner(), merge()],
    class: 'partial',
    back: ['update', 'update', 'changeOwner', 'delete'],
    sentence: `Undo: partial. Puts back 3 values and 1 owner and deletes 1 new record. Won't come back: ${MERGED}.`,
  },
}
