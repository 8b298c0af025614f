// The condition of a schedule's records: SOQL, of which a mission may use comparisons of fields with plain values.
import { parseQuery, type Query } from '@jetstreamapp/soql-parser-js'
import { InvalidInput } from '../../domain/errors.ts'

type Where = NonNullable<Query['where']>

const FIELD = /^[A-Za-z]\w*(\.[A-Za-z]\w*)?$/

/** Values that salesforce-mcp lets a query name. */
const PLAIN = ['STRING', 'INTEGER', 'DECIMAL', 'BOOLEAN', 'NULL', 'DATETIME', 'DATE', 'DATE_LITERAL', 'DATE_N_LITERAL']

/** Fields that the condition names, parents' as `Owner.Name`. Throws InvalidInput with what is wrong. */
export function fieldsOfWhere(object: string, where: string): string[] {
  const { where: parsed, ...rest } = parsedQuery(`SELECT Id FROM ${object} WHERE ${where}`)
  const more = Object.keys(rest).filter((key) => key !== 'fields' && key !== 'sObject')
  if (!parsed || more.length > 0) throw new InvalidInput('a condition alone, without ORDER BY, LIMIT or other clauses')
  const fields = new Set<string>()
  for (let node: Where | undefined = parsed; node; node = 'right' in node ? node.right : undefined) {
    const { left } = node
    if (left === null || !('field' in left || 'fn' in left || 'valueQuery' in left)) continue
    const field = 'field' in left && typeof left.field === 'string' ? left.field : null
    if (field === null || 'fn' in left) throw new InvalidInput('functions are not possible here; compare a field')
    if ('valueQuery' in left) throw new InvalidInput('a query within the condition is not possible')
    if (![left.literalType].flat().every((type) => type !== undefined && PLAIN.includes(type)))
      throw new InvalidInput(`compare ${field} with a plain value, such as 'Open', 500, true, null or TODAY`)
    if (!FIELD.test(field))
      throw new InvalidInput(`${field} is no field of the record or of a parent such as Owner.Name`)
    fields.add(field)
  }
  return [...fields]
}

/** Throws InvalidInput. */
function parsedQuery(soql: string): Query {
  try {
    return parseQuery(soql)
  } catch {
    throw new InvalidInput("not a SOQL condition; write e.g. Status = 'Open' AND Rating != null")
  }
}
