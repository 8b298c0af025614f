import { OrgError, type Caller, type Org } from '../../../org/org.ts'
import { describedFields, type DescribedField } from '../../../wire/rows/row.ts'

/** Describe types of fields by their path from an object, e.g. `Owner.CreatedDate`; `''` for what the caller cannot see. */
export function fieldTypes(org: Org, caller: Caller, object: string): (path: string) => string {
  const known = new Map<string, string>()
  const described = new Map<string, DescribedField[]>()
  const fieldsOf = (name: string): DescribedField[] => {
    const fields = described.get(name) ?? describedOrNone(org, caller, name)
    described.set(name, fields)
    return fields
  }
  const find = (path: string): string => {
    const names = path.split('.')
    const last = names.pop()?.toLowerCase()
    let target: string | undefined = object
    for (const name of names) {
      if (target === undefined) return ''
      target = fieldsOf(target).find((field) => field.relationshipName === name)?.referenceTo[0]
    }
    const field = target === undefined ? undefined : fieldsOf(target).find(({ name }) => name.toLowerCase() === last)
    return field?.type ?? ''
  }
  return (path) => {
    const type = known.get(path) ?? find(path)
    known.set(path, type)
    return type
  }
}

function describedOrNone(org: Org, caller: Caller, object: string): DescribedField[] {
  try {
    return describedFields(org, caller, object)
  } catch (error) {
    if (error instanceof OrgError) return []
    throw error
  }
}
