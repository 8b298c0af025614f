// Change sets of each kind, and what undoing each of them comes to.
import type { FieldValue } from '../../../server/contract/values/field-value.ts'
import type { Operation, OperationKind, OperationOf } from '../../../server/contract/operations/operation.ts'
import type { Written } from '../../../server/brain/undo/plan/plan-parts.ts'
import type { Grant } from '../../../server/contract/grant.ts'
import { CORP, INC, LEAD, USERS } from '../decisions/acme.ts'

export type Kinds = Grant['writes'][string]['kinds']

export const ALL: Kinds = ['update', 'changeOwner', 'create', 'merge', 'convertLead', 'undelete', 'delete']
export const FIELDS = ['Phone', 'Fax', 'Site', 'Subject', 'WhoId', 'OwnerId', 'Matched_Account__c', 'AccountId']
export const writes = (kinds: Kinds = ALL): Grant['writes'] =>
  Object.fromEntries(['Account', 'Contact', 'Lead', 'Task'].map((object) => [object, { kinds, fields: FIELDS }]))
export const grantOf = (granted: Grant['writes'] = writes()) => ({
  writes: granted,
  limits: { records: 50, apiCalls: 12 },
})
/** What a plan rests on beside the operations, when nothing was created and every child is one loser's. */
export const basis = (granted?: Grant['writes']): Omit<Written, 'operations'> => ({
  created: {},
  grant: grantOf(granted),
  origins: {},
  before: {},
  at: '2026-05-04T10:00:00.000Z',
})
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
export const CHILDREN = ['003AC0000000001AAA', '003AC0000000002AAA']
export const merge = (fields: Record<string, FieldValue> = { Phone: '1', Fax: '2' }): Operation => ({
  kind: 'merge',
  object: 'Account',
  survivor: CORP,
  losers: [INC],
  fields: Object.fromEntries(Object.entries(fields).map(([field, to]) => [field, { from: null, to, source }])),
  moves: [{ object: 'Contact', field: 'AccountId', ids: CHILDREN }],
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

const DROPS = 'what else the merge changed (oldest creation date, teams, related records the mission does not read)'
const restore: Operation = { kind: 'undelete', object: 'Account', id: INC, mergedInto: null }
const unmerge: Operation = { kind: 'undelete', object: 'Account', id: INC, mergedInto: CORP }

export const TABLE: Record<string, Case> = {
  'an update': { operations: [update], class: 'full', back: ['update'], sentence: 'Undo: full. Puts back 1 value.' },
  'an update the mission may not make alone': {
    operations: [merge(), update],
    granted: { ...writes(), Lead: { kinds: ['merge'], fields: [] } },
    class: 'partial',
    back: ['update', 'update', 'update', 'undelete'],
    sentence: `Undo: partial. Puts back 2 values, restores 1 merged record and moves back 2 records, within 15 days. Won't come back: ${DROPS}; 1 value that this mission may not write alone.`,
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
    sentence: 'Undo: full. Deletes 1 added record.',
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
    back: ['update', 'update', 'update', 'undelete'],
    sentence: `Undo: partial. Puts back 2 values, restores 1 merged record and moves back 2 records, within 15 days. Won't come back: ${DROPS}.`,
  },
  'a merge without values': {
    operations: [merge({})],
    class: 'partial',
    back: ['update', 'update', 'undelete'],
    sentence: `Undo: partial. Restores 1 merged record and moves back 2 records, within 15 days. Won't come back: ${DROPS}.`,
  },
  'a merge whose values and moves only a merge may write': {
    operations: [merge()],
    granted: without('update'),
    class: 'partial',
    back: ['undelete'],
    sentence: `Undo: partial. Restores 1 merged record, within 15 days. Won't come back: 2 moved records that this mission may not move back; ${DROPS}; 2 values that this mission may not write alone.`,
  },
  'a conversion, and what was set on the lead before it': {
    operations: [update, owner(), convert],
    class: 'none',
    back: [],
    sentence: "Undo: none. Won't come back: the conversion of the lead.",
  },
  'a deletion': {
    operations: [remove],
    class: 'full',
    back: ['undelete'],
    sentence: 'Undo: full. Restores 1 deleted record, within 15 days.',
  },
  'a deletion of what Salesforce does not restore': {
    operations: [{ kind: 'delete', object: 'AccountContactRelation', id: INC }],
    granted: { AccountContactRelation: { kinds: ['delete'], fields: [] } },
    class: 'none',
    back: [],
    sentence: "Undo: none. Won't come back: 1 deleted record (15 days in the Recycle Bin).",
  },
  'a restore of what was deleted': {
    operations: [restore],
    class: 'full',
    back: ['delete'],
    sentence: 'Undo: full. Deletes 1 added record.',
  },
  'a restore, where the grant does not delete': {
    operations: [restore],
    granted: without('delete'),
    class: 'none',
    back: [],
    sentence: "Undo: none. Won't come back: the restored Account, which stays.",
  },
  'a restore of what was merged': {
    operations: [unmerge],
    class: 'none',
    back: [],
    sentence: "Undo: none. Won't come back: the restored Account, which stays.",
  },
  'everything at once': {
    operations: [update, create, owner(), merge()],
    class: 'partial',
    back: ['update', 'update', 'update', 'update', 'changeOwner', 'delete', 'undelete'],
    sentence: `Undo: partial. Puts back 3 values and 1 owner, restores 1 merged record, moves back 2 records and deletes 1 added record, within 15 days. Won't come back: ${DROPS}.`,
  },
}
