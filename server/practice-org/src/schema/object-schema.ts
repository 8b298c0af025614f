// The shape of one file in `objects/`: a compact describe, from which tables, rules and the full describe are derived.
import { z } from 'zod'

const pick = z.union([
  z.string(),
  z.strictObject({
    value: z.string(),
    label: z.string().optional(),
    default: z.boolean().optional(),
    /** Values of the controlling field under which this one may be chosen; without it, under every one. */
    validFor: z.array(z.string()).optional(),
  }),
])

const fieldSchema = z.strictObject({
  name: z.string(),
  type: z.enum([
    'id',
    'boolean',
    'string',
    'textarea',
    'picklist',
    'multipicklist',
    'combobox',
    'reference',
    'currency',
    'double',
    'int',
    'percent',
    'date',
    'datetime',
    'email',
    'phone',
    'url',
    'address',
    'anyType',
    'base64',
  ]),
  label: z.string().optional(),
  length: z.number().int().optional(),
  digits: z.number().int().optional(),
  precision: z.number().int().optional(),
  scale: z.number().int().optional(),
  nillable: z.boolean().default(true),
  createable: z.boolean().default(true),
  updateable: z.boolean().default(true),
  filterable: z.boolean().default(true),
  defaultedOnCreate: z.boolean().default(false),
  default: z.union([z.boolean(), z.string(), z.number()]).optional(),
  nameField: z.boolean().default(false),
  /** No field permission governs it: whoever sees the record sees it [K]. */
  alwaysVisible: z.boolean().default(false),
  idLookup: z.boolean().default(false),
  externalId: z.boolean().default(false),
  unique: z.boolean().default(false),
  caseSensitive: z.boolean().default(false),
  restricted: z.boolean().default(false),
  picklist: z.array(pick).optional(),
  /** Fields (`Contact.Email`) that this one shows: whoever may not read one of them may not read it here either. */
  copyOf: z.array(z.string()).optional(),
  /** On accounts: the field of a person's contact that this one is. Whoever may not read it there may not read it here. */
  ofContact: z.string().optional(),
  /** What the field is worked out from, in the language of formulas: fields of the same record only (formula.ts). */
  formula: z.string().optional(),
  /** The picklist or check box that decides which values of this picklist may be chosen. */
  controlledBy: z.string().optional(),
  referenceTo: z.array(z.string()).default([]),
  relationshipName: z.string().optional(),
  childRelationshipName: z.string().optional(),
  /** What becomes of the child when the parent is deleted. */
  onDelete: z.enum(['cascade', 'restrict', 'clear']).default('clear'),
  /** What goes with its parent otherwise: a child with this value of this field forbids that the parent is deleted. */
  forbidsDeleteWhen: z.strictObject({ field: z.string(), value: z.string() }).optional(),
  /** The compound field this one is part of, e.g. `BillingAddress` or `Name`. */
  compound: z.string().optional(),
  /** `MR-{000000}`: the engine numbers rows itself. */
  autoNumber: z.string().optional(),
  /** Changes are written to the object's history object. */
  tracked: z.boolean().default(false),
  /** Deployed after the org was made: profiles grant nothing on it by themselves. */
  deployed: z.boolean().default(false),
})

/**
 * Who sees rows beyond the default and sharing rules, by `shareBy`: `owner`: own rows, those of queues and subordinates;
 * `team`: rows of the object's team members; `shares`: rows of its share object; `territory`: members of an account's
 * territories; `account`: what teams, shares, territories, rules and ownership of the account grant on its cases,
 * contacts and opportunities; `children`: whoever has contacts, opportunities and cases, or has them shared with him,
 * reads the account; `links`: users and records a file is linked to; `everyone`; else a parent field.
 */
export const objectSchema = z.strictObject({
  name: z.string(),
  label: z.string(),
  labelPlural: z.string(),
  keyPrefix: z.string().length(3).nullable(),
  /** `crud`: ObjectPermissions decide; `everyone` may read; `setup` needs View Setup. Writes to the last two need Modify All Data. */
  access: z.enum(['crud', 'everyone', 'setup']),
  shareBy: z.array(z.string()),
  /**
   * Where the rights come from when no permission set carries object permissions for the object: `activities`: the user
   * permissions Access Activities and Edit Tasks or Edit Events; `parent`: the record it hangs on [K].
   */
  rightsFrom: z.enum(['activities', 'parent']).optional(),
  /** Deployed after the org was made: profiles grant nothing on it by themselves. */
  deployed: z.boolean().default(false),
  /** The organization-wide default, unless the org is set up otherwise. */
  sharingModel: z
    .enum(['Private', 'Read', 'ReadWrite', 'ReadWriteTransfer', 'FullAccess', 'ControlledByParent'])
    .default('Private'),
  /** The lookup to the record that decides about this one where the default is `ControlledByParent`. */
  controlledBy: z.string().optional(),
  searchable: z.boolean().default(false),
  changeEvents: z.boolean().default(false),
  undeletable: z.boolean().default(false),
  mergeable: z.boolean().default(false),
  /** What `GET /sobjects` says of the object, where it is not what follows from its `access`. */
  told: z
    .strictObject({
      deepCloneable: z.boolean(),
      feedEnabled: z.boolean(),
      layoutable: z.boolean(),
      mergeable: z.boolean(),
      triggerable: z.boolean(),
    })
    .partial()
    .default({}),
  readOnly: z.boolean().default(false),
  virtual: z.boolean().default(false),
  /** The rows are those of tasks and events, put together on reading. */
  activities: z.enum(['open', 'closed']).optional(),
  history: z.string().optional(),
  /** The object whose changes the rows tell: they show no field that is hidden there. */
  historyOf: z.string().optional(),
  /** The object whose field permissions hold for fields of the same name here. */
  fieldRightsOf: z.string().optional(),
  /** Rows whose values of these fields become equal in a merge collapse into one. */
  collapseOnMerge: z.array(z.string()).optional(),
  /** Rows of merged-away parents disappear instead of moving. */
  dropOnMerge: z.boolean().default(false),
  /** Rows stay with the merged-away parent. */
  keepOnMerge: z.boolean().default(false),
  system: z
    .array(z.string())
    .default([
      'Id',
      'IsDeleted',
      'CreatedDate',
      'CreatedById',
      'LastModifiedDate',
      'LastModifiedById',
      'SystemModstamp',
    ]),
  /** In the order an org lists them. A system field stands where it is named here; else ids come first and stamps last. */
  fields: z.array(fieldSchema),
})

export type FieldDef = z.infer<typeof fieldSchema>
type ParsedObject = z.infer<typeof objectSchema>

/** One object with its system fields in place and its fields by lower-cased name. */
export interface ObjectDef extends Omit<ParsedObject, 'system'> {
  byName: Map<string, FieldDef>
  nameField: string | undefined
  hasIsDeleted: boolean
}

/** A field from the few members that matter; the rest are the defaults of an ordinary field. */
export const fieldDef = (json: z.input<typeof fieldSchema>): FieldDef => fieldSchema.parse(json)

const audit = { createable: false, updateable: false, nillable: false }
const byUser = (name: string) =>
  fieldSchema.parse({
    ...audit,
    name: `${name}Id`,
    type: 'reference',
    referenceTo: ['User'],
    relationshipName: name,
    label: `${name.replace(/By$/, '').replace(/([a-z])([A-Z])/g, '$1 $2')} By ID`,
    defaultedOnCreate: true,
  })
const stamp = (name: string, label: string) =>
  fieldSchema.parse({ ...audit, name, type: 'datetime', label, defaultedOnCreate: true })

const SYSTEM = new Map<string, FieldDef>(
  [
    fieldSchema.parse({ ...audit, name: 'Id', type: 'id', idLookup: true, defaultedOnCreate: true }),
    fieldSchema.parse({ ...audit, name: 'IsDeleted', type: 'boolean', label: 'Deleted', default: false }),
    stamp('CreatedDate', 'Created Date'),
    byUser('CreatedBy'),
    stamp('LastModifiedDate', 'Last Modified Date'),
    byUser('LastModifiedBy'),
    stamp('SystemModstamp', 'System Modstamp'),
  ].map((field) => [field.name, field]),
)

/** What an org calls the id of a record; that of a task or an event is an activity's. */
function idLabel({ name, label }: { name: string; label: string }): string {
  if (name === 'Task' || name === 'Event') return 'Activity ID'
  if (name === 'OpportunityContactRole') return 'Contact Role ID'
  return name.endsWith('__c') ? 'Record ID' : `${label} ID`
}

/** Checks one compact object file and adds its system fields; throws ZodError on an unknown or missing key. */
export function parseObject(json: unknown): ObjectDef {
  const { system, ...object } = objectSchema.parse(json)
  const placed = new Set(object.fields.map(({ name }) => name).filter((name) => SYSTEM.has(name)))
  const systemField = (name: string): FieldDef[] => {
    const field = SYSTEM.get(name)
    return system.includes(name) && field && !placed.has(name) ? [field] : []
  }
  const head = [...systemField('Id'), ...systemField('IsDeleted')]
  const tail = [...SYSTEM.keys()].filter((name) => !['Id', 'IsDeleted'].includes(name)).flatMap(systemField)
  // A compound address or a blob can be selected, but SOQL cannot compare, order or group by it.
  const own = object.fields.map((field) => {
    const systemOne = SYSTEM.get(field.name)
    if (systemOne) return systemOne
    if (field.formula !== undefined) return { ...field, createable: false, updateable: false }
    return field.type === 'address' || field.type === 'base64' ? { ...field, filterable: false } : field
  })
  const fields = [...head, ...own, ...tail].map((field) =>
    field.name === 'Id' ? { ...field, label: idLabel(object) } : field,
  )
  return {
    ...object,
    fields,
    byName: new Map(fields.map((field) => [field.name.toLowerCase(), field])),
    nameField: fields.find((field) => field.nameField)?.name,
    hasIsDeleted: system.includes('IsDeleted'),
  }
}
