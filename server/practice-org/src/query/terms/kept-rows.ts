// The rows of a query that wait for later pages: their numbers in the order of the query, packed.
import type { KeptRows } from './row-numbers.ts'
import type { ObjectDef } from '../../schema/catalog.ts'
import { type QueryContext } from './context.ts'
import { type Sql, sql } from './sql.ts'

const COMMA = ','.charCodeAt(0)
const ZERO = '0'.charCodeAt(0)

/** Runs `rows`, a query of one column that holds row numbers, and keeps them in its order. */
export function keepRows(context: QueryContext, rows: Sql): KeptRows {
  // One text crosses the border to SQLite many times faster than a row each.
  const text = `SELECT count(n), group_concat(n) FROM (${rows.text})`
  const [count, numbers] = context.store.select(text, rows.params)[0] ?? []
  return unpack(String(numbers ?? ''), Number(count))
}

function unpack(text: string, count: number): KeptRows {
  const numbers = /\d{11}/.test(text) ? new Float64Array(count) : new Uint32Array(count)
  let at = 0
  let number = 0
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i)
    if (code === COMMA) {
      numbers[at++] = number
      number = 0
    } else number = number * 10 + code - ZERO
  }
  if (count > 0) numbers[at] = number
  return numbers
}

/** A restriction to these rows. */
export const amongKept = ({ rights }: QueryContext, object: ObjectDef, alias: string, rows: KeptRows): Sql =>
  rights.shares.of(object)
    ? rights.shares.among(object, alias, [...rows])
    : sql(`${alias}._n IN (SELECT value FROM json_each(?))`, [JSON.stringify([...rows])])
