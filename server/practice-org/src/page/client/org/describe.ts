import { ask } from './rest.ts'

/** What this page reads of a field's describe. */
export interface FieldInfo {
  name: string
  label: string
  type: string
  length?: number
  nillable: boolean
  createable: boolean
  updateable: boolean
  defaultedOnCreate?: boolean
  relationshipName?: string | null
  referenceTo?: string[]
  picklistValues?: { value: string; label: string; active: boolean; defaultValue?: boolean }[]
}

export interface ObjectInfo {
  name: string
  label: string
  labelPlural: string
  createable: boolean
  updateable: boolean
  fields: FieldInfo[]
}

const known = new Map<string, Promise<ObjectInfo>>()

/** The describe of an object as the signed-in user sees it: fields hidden from the user are not in it. */
export function describe(object: string): Promise<ObjectInfo> {
  const answer = known.get(object) ?? ask<ObjectInfo>(`/sobjects/${object}/describe`)
  known.set(object, answer)
  answer.catch(() => known.delete(object))
  return answer
}

/** The fields of `names` that the user may see, in that order, labelled as people see them. */
export function visible(info: ObjectInfo, names: readonly string[]): FieldInfo[] {
  return names.flatMap((name) => {
    const field = info.fields.find((candidate) => candidate.name === name)
    return field ? [{ ...field, label: shownLabel(field) }] : []
  })
}

/** Names of the fields that an administrator or a package added, as far as the user may see them. */
export const customFields = (info: ObjectInfo): string[] =>
  info.fields.map(({ name }) => name).filter((name) => /__p?c$/.test(name))

/** A lookup's describe is called "Owner ID"; people see "Owner". */
function shownLabel(field: FieldInfo): string {
  return field.type === 'reference' ? field.label.replace(/ ID$/, '') : field.label
}

/** What to select so that each field can be shown: a lookup also needs the name of what it points at. */
export function selection(fields: FieldInfo[]): string {
  const columns = fields.flatMap((field) => {
    const parent = field.type === 'reference' ? field.relationshipName : undefined
    return parent ? [field.name, `${parent}.Name`] : [field.name]
  })
  return [...new Set(['Id', ...columns])].join(', ')
}
