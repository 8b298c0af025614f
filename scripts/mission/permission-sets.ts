import type { Grant } from '../../server/contract/grant.ts'
import { isOnlyInSomeOrgs, securedAs, takesObjectPermissions } from './field-security.ts'

export interface PermissionSet {
  label: string
  description: string
  userPermissions: string[]
  objects: Record<string, ObjectPermission>
  /** Editable or not, by `Object.Field`. */
  fields: Record<string, boolean>
}

interface ObjectPermission {
  create: boolean
  edit: boolean
  delete: boolean
  modifyAll: boolean
}

type Kind = Grant['writes'][string]['kinds'][number]

const READ_ONLY: ObjectPermission = { create: false, edit: false, delete: false, modifyAll: false }
const RECEIPT = 'Mission_Receipt__c'
const ACTIVATION = 'Mission_Activation__c'
/** To hear what asks for missions. */
const REQUEST = 'Mission_Request__e'
const ACTIVATION_FIELDS = [
  'Activated_By',
  'Ends',
  'Grant',
  'Key',
  'Mission',
  'Reason',
  'Seal',
  'Seconded_By',
  'Signatures',
  'Version',
  'Withdrawn',
].map((name) => `${ACTIVATION}.${name}__c`)
const EXCLUSION = 'Mission_Exclusion__c'
const EXCLUSION_FIELDS = ['By', 'Decision', 'Other', 'Reason', 'Record', 'Until'].map(
  (name) => `${EXCLUSION}.${name}__c`,
)
const RECEIPT_FIELDS = ['Anchor', 'Approved_By', 'Decision', 'Digest', 'Mission', 'Run', 'Transaction', 'Voided'].map(
  (name) => `${RECEIPT}.${name}__c`,
)

/** Rights that a kind of operation requires of the writer. A merge reaches rows of other owners, so it needs Modify All. */
const NEEDS: Record<Kind, Partial<ObjectPermission>> = {
  update: { edit: true },
  changeOwner: { edit: true },
  create: { create: true },
  convertLead: { edit: true },
  delete: { edit: true, delete: true },
  undelete: { edit: true, delete: true },
  merge: { edit: true, delete: true, modifyAll: true },
}

/** A merge moves child records of any owner, so the update that moves one back needs Modify All. */
const MOVES_BACK: Partial<ObjectPermission> = { edit: true, delete: true, modifyAll: true }

/** What a lead becomes. A user who converts leads must be able to create and edit these (docs/salesforce-facts.md#converting-a-lead). */
const MADE_OF_LEADS = ['Account', 'Contact', 'Opportunity']

/** The reader's permission set for these grants; it allows no write. */
export function readerSet(grants: readonly Grant[]): PermissionSet {
  return {
    label: 'Missions: Reader (integration)',
    description:
      'For the integration user that reads records for missions. Grants no write access. Generated from the grants of the missions.',
    // Group members, permission assignments and field permissions are setup data: rosters and visibility rest on them.
    userPermissions: ['ApiEnabled', 'ViewRoles', 'ViewSetup'],
    objects: {
      ...readObjects(grants),
      [RECEIPT]: READ_ONLY,
      [ACTIVATION]: READ_ONLY,
      [REQUEST]: READ_ONLY,
      [EXCLUSION]: READ_ONLY,
    },
    fields: {
      ...readFields(grants),
      ...Object.fromEntries(
        [...RECEIPT_FIELDS, ...ACTIVATION_FIELDS, ...EXCLUSION_FIELDS].map((field) => [field, false]),
      ),
    },
  }
}

/** The writer's permission set for these grants. The writer also reads, to compare before it writes. */
export function writerSet(grants: readonly Grant[]): PermissionSet {
  return {
    label: 'Missions: Writer (integration)',
    description:
      'For the integration user that writes approved changes. Assign it to that user alone. Generated from the grants of the missions.',
    userPermissions: writerUserPermissions(grants),
    objects: {
      ...readObjects(grants),
      ...writtenObjects(grants),
      [RECEIPT]: { ...READ_ONLY, create: true },
      [ACTIVATION]: { ...READ_ONLY, create: true },
      [EXCLUSION]: { ...READ_ONLY, create: true },
    },
    fields: {
      ...readFields(grants),
      ...Object.fromEntries(
        [...writtenFields(grants), ...RECEIPT_FIELDS, ...ACTIVATION_FIELDS, ...EXCLUSION_FIELDS].map((field) => [
          field,
          true,
        ]),
      ),
    },
  }
}

/** Fields of the grants that the shipped sets leave out because only some orgs have them. */
export function leftOut(grants: readonly Grant[]): string[] {
  const found = grants.flatMap(({ reads }) =>
    Object.entries(reads).flatMap(([object, fields]) =>
      fields.filter((field) => isOnlyInSomeOrgs(object, field)).map((field) => `${object}.${field}`),
    ),
  )
  return [...new Set(found)].sort()
}

function readObjects(grants: readonly Grant[]): PermissionSet['objects'] {
  const names = grants.flatMap(({ reads }) => Object.keys(reads)).filter(takesObjectPermissions)
  return Object.fromEntries(names.map((name) => [name, READ_ONLY]))
}

function readFields(grants: readonly Grant[]): PermissionSet['fields'] {
  const named = grants.flatMap(({ reads }) =>
    Object.entries(reads).flatMap(([object, fields]) => fields.map((field) => securedAs(object, field))),
  )
  return Object.fromEntries(named.filter((field) => field !== null).map((field) => [field, false]))
}

/** What each grant writes by object, and if the grant merges as well. */
function writesOf(grants: readonly Grant[]) {
  return grants.flatMap(({ writes }) => {
    const isBesideMerge = Object.values(writes).some(({ kinds }) => kinds.includes('merge'))
    return Object.entries(writes).map(([object, written]) => [object, { ...written, isBesideMerge }] as const)
  })
}

function writtenObjects(grants: readonly Grant[]): PermissionSet['objects'] {
  const objects: PermissionSet['objects'] = {}
  for (const [object, { kinds, isBesideMerge }] of writesOf(grants)) {
    if (!takesObjectPermissions(object)) continue
    const needs = kinds.map((kind) => (kind === 'update' && isBesideMerge ? MOVES_BACK : NEEDS[kind]))
    objects[object] = Object.assign({}, READ_ONLY, objects[object], ...needs)
    if (!kinds.includes('convertLead')) continue
    for (const made of MADE_OF_LEADS) {
      objects[made] = Object.assign({}, READ_ONLY, objects[made], { create: true, edit: true })
    }
  }
  return objects
}

function writtenFields(grants: readonly Grant[]): string[] {
  return writesOf(grants).flatMap(([object, { fields }]) =>
    fields.map((field) => securedAs(object, field)).filter((field) => field !== null),
  )
}

function writerUserPermissions(grants: readonly Grant[]): string[] {
  const all = writesOf(grants)
  const does = (kind: Kind, test: (object: string) => boolean = () => true) =>
    all.some(([object, { kinds }]) => kinds.includes(kind) && test(object))
  const writesTasks = all.some(([object]) => object === 'Task')
  const writesEvents = all.some(([object]) => object === 'Event')
  return [
    'ApiEnabled',
    ...(does('convertLead') ? ['ConvertLeads'] : []),
    ...(writesEvents ? ['EditEvent'] : []),
    ...(writesTasks ? ['EditTask'] : []),
    ...(does('changeOwner', (object) => object !== 'Lead') ? ['TransferAnyEntity'] : []),
    ...(does('changeOwner', (object) => object === 'Lead') ? ['TransferAnyLead'] : []),
  ]
}
