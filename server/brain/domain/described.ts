import type { ToolOutput } from '../../contract/tools.ts'

export type Schema = ToolOutput<'getObjectSchema'>

const STAMPS = ['Id', 'CreatedDate', 'LastModifiedDate', 'SystemModstamp']

/** Fields with the stamps every proposal rests on. */
export function withStamps(fields: readonly string[]): string[] {
  return [...new Set([...STAMPS, ...fields])]
}

/** The fields this org has: editions and settings decide over e.g. `IsPersonAccount`. Parents' fields count by their lookup. */
export function known(fields: readonly string[], schema: Schema | undefined): string[] {
  if (!schema) return [...fields]
  const names = new Set(schema.fields.map(({ name }) => name))
  return fields.filter((field) => {
    const [first = '', second] = field.split('.')
    return names.has(second === undefined ? first : `${first}Id`)
  })
}

/** Labels of every described field, as `Object.Field`; a lookup is called by what it points to, `Owner` and not `Owner ID`. */
export function describedAs(schemas: ReadonlyMap<string, Schema>): Record<string, string> {
  return Object.fromEntries(
    [...schemas].flatMap(([object, { fields }]) =>
      fields.map(({ name, label, type }) => [
        `${object}.${name}`,
        type === 'reference' ? label.replace(/ ID$/, '') : label,
      ]),
    ),
  )
}

/** A label made of the API name, for fields that were not described. */
export function labelOf(field: string): string {
  const plain = field.replace(/__[cr]$/, '').replaceAll('_', ' ')
  return plain
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/ Id$/g, '')
    .trim()
}
