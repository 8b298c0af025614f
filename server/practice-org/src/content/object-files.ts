// Custom objects and custom fields from `objects/`, as the object files of the practice org.
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { metadataFiles, type MetadataFile } from './metadata-files.ts'

const Flag = z.enum(['true', 'false']).transform((text) => text === 'true')
const Count = z.coerce.number().int()

const CustomField = z.looseObject({
  fullName: z.string(),
  label: z.string(),
  type: z.string(),
  required: Flag.default(false),
  unique: Flag.default(false),
  externalId: Flag.default(false),
  caseSensitive: Flag.default(false),
  trackHistory: Flag.default(false),
  length: Count.optional(),
  precision: Count.optional(),
  scale: Count.optional(),
  defaultValue: z.string().optional(),
  referenceTo: z.string().optional(),
  relationshipName: z.string().optional(),
  deleteConstraint: z.enum(['SetNull', 'Restrict', 'Cascade']).default('SetNull'),
  valueSet: z
    .looseObject({
      valueSetDefinition: z.looseObject({ value: z.array(z.looseObject({ fullName: z.string(), label: z.string() })) }),
    })
    .optional(),
})
type CustomField = z.infer<typeof CustomField>

const CustomObject = z.looseObject({
  label: z.string(),
  pluralLabel: z.string(),
  enableSearch: Flag.default(false),
  sharingModel: z.enum(['Private', 'Read', 'ReadWrite', 'ControlledByParent']).default('ReadWrite'),
  nameField: z.looseObject({
    label: z.string(),
    type: z.enum(['AutoNumber', 'Text']),
    displayFormat: z.string().optional(),
  }),
})

type Json = Record<string, unknown>

/** Types of metadata and of describes; further members that the type asks for. */
const TYPES: Record<string, (field: CustomField) => Json> = {
  Text: ({ length = 255 }) => ({ type: 'string', length }),
  TextArea: () => ({ type: 'textarea', length: 255 }),
  LongTextArea: ({ length = 32_768 }) => ({ type: 'textarea', length, filterable: false }),
  Checkbox: ({ defaultValue }) => ({ type: 'boolean', default: defaultValue === 'true', nillable: false }),
  Number: ({ precision = 18, scale = 0 }) => ({ type: 'double', precision, scale }),
  Currency: ({ precision = 18, scale = 2 }) => ({ type: 'currency', precision, scale }),
  Percent: ({ precision = 18, scale = 2 }) => ({ type: 'percent', precision, scale }),
  Date: () => ({ type: 'date' }),
  DateTime: () => ({ type: 'datetime' }),
  Email: () => ({ type: 'email', length: 80 }),
  Phone: () => ({ type: 'phone', length: 40 }),
  Url: () => ({ type: 'url', length: 255 }),
  Picklist: ({ valueSet }) => ({
    type: 'picklist',
    picklist: (valueSet?.valueSetDefinition.value ?? []).map(({ fullName, label }) => ({ value: fullName, label })),
  }),
  Lookup: lookup,
}

const ON_DELETE = { SetNull: 'clear', Restrict: 'restrict', Cascade: 'cascade' }

function lookup({ fullName, referenceTo, relationshipName, deleteConstraint }: CustomField): Json {
  return {
    type: 'reference',
    referenceTo: [referenceTo],
    relationshipName: fullName.replace(/__c$/, '__r'),
    ...(relationshipName ? { childRelationshipName: `${relationshipName}__r` } : {}),
    onDelete: ON_DELETE[deleteConstraint],
  }
}

/**
 * Reads folders such as `objects`: a file for each custom object and its share object, an addition for each other object. Throws
 * ZodError or Error when a file describes a type that the practice org does not have.
 */
export function objectsIn(folders: readonly string[]): unknown[] {
  const names = folders.flatMap((folder) =>
    globSync('*/', { cwd: folder })
      .filter((name) => !/__(mdt|e)$/.test(name))
      .sort()
      .map((name) => ({ folder, name })),
  )
  let custom = 0
  return names.flatMap(({ folder, name }): Json[] => {
    const fields = metadataFiles(join(folder, name, 'fields'), 'field', 'CustomField').map(fieldOf)
    const [object] = metadataFiles(join(folder, name), 'object', 'CustomObject')
    if (!name.endsWith('__c') || !object) return fields.length > 0 ? [{ extends: name, fields }] : []
    return customObject(object, fields, custom++)
  })
}

function fieldOf({ root }: MetadataFile): Json {
  const field = CustomField.parse(root)
  const typed = TYPES[field.type]
  if (!typed) throw new Error(`${field.fullName}: the practice org has no fields of type ${field.type}`)
  const { externalId, unique, caseSensitive, trackHistory } = field
  return {
    name: field.fullName,
    label: field.label,
    ...typed(field),
    ...(field.required ? { nillable: false } : {}),
    ...(externalId ? { externalId, idLookup: true } : {}),
    ...(unique ? { unique, caseSensitive } : {}),
    ...(trackHistory ? { tracked: true } : {}),
    deployed: true,
  }
}

function customObject({ name, root }: MetadataFile, fields: Json[], n: number): Json[] {
  const { label, pluralLabel, enableSearch, sharingModel, nameField } = CustomObject.parse(root)
  const named = { name: 'Name', type: 'string', label: nameField.label, length: 80, nameField: true }
  const numbered = { createable: false, updateable: false, autoNumber: nameField.displayFormat }
  const owner = {
    name: 'OwnerId',
    type: 'reference',
    referenceTo: ['User'],
    relationshipName: 'Owner',
    nillable: false,
    defaultedOnCreate: true,
    onDelete: 'clear',
  }
  return [
    {
      name,
      label,
      labelPlural: pluralLabel,
      keyPrefix: `a0${n.toString(36)}`,
      access: 'crud',
      deployed: true,
      searchable: enableSearch,
      shareBy: ['owner', 'shares'],
      sharingModel,
      undeletable: true,
      fields: [owner, nameField.type === 'AutoNumber' ? { ...named, ...numbered } : named, ...fields],
    },
    shareObject(name, label),
  ]
}

/** What an org keeps of the sharing of a custom object's records; all such objects have one prefix. */
function shareObject(name: string, label: string): Json {
  const kept = { onDelete: 'cascade', nillable: false, updateable: false, type: 'reference' }
  const causes = [
    { value: 'Owner', label: 'Owner' },
    { value: 'Manual', label: 'Manual Sharing', default: true },
    { value: 'Rule', label: 'Sharing Rule' },
  ]
  return {
    name: name.replace(/__c$/, '__Share'),
    label: `Share: ${label}`,
    labelPlural: `Share: ${label}`,
    keyPrefix: '02c',
    access: 'crud',
    deployed: true,
    shareBy: ['ParentId'],
    system: ['Id', 'IsDeleted', 'LastModifiedDate', 'LastModifiedById'],
    dropOnMerge: true,
    fields: [
      { ...kept, name: 'ParentId', referenceTo: [name], relationshipName: 'Parent', childRelationshipName: 'Shares' },
      { ...kept, name: 'UserOrGroupId', referenceTo: ['Group', 'User'], relationshipName: 'UserOrGroup' },
      { name: 'AccessLevel', type: 'picklist', picklist: ['Read', 'Edit', 'All'], restricted: true, nillable: false },
      { name: 'RowCause', type: 'picklist', picklist: causes, restricted: true, updateable: false },
    ],
  }
}
