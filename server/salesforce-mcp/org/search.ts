import { z } from 'zod'
import { UnclearAnswer } from '../failure/failure.ts'
import type { CallCount } from './calls.ts'
import type { OrgConnection } from './connection.ts'
import type { Row } from './query.ts'

const Rows = z.array(z.custom<Row>((row) => typeof row === 'object' && row !== null))
/** A bare list until API version 36. */
const Found = z.union([Rows, z.object({ searchRecords: Rows }).transform(({ searchRecords }) => searchRecords)])

/** Rows of a SOSL search: one API call. */
export async function search(connection: OrgConnection, sosl: string, count: CallCount): Promise<Row[]> {
  const path = `/search?q=${encodeURIComponent(sosl)}`
  const found = Found.safeParse(await connection.json({ method: 'GET', path, write: false }, count))
  if (!found.success) throw new UnclearAnswer('the org answered a search with another shape')
  return found.data
}

/** Text as a SOSL term: its reserved characters stand for themselves. */
export function searchTerm(text: string): string {
  return text.replace(/[?&|!{}[\]()^~*:\\"'+-]/g, '\\$&')
}

/** A phrase in quotes, in which reserved characters need their backslash as well. */
export function searchPhrase(text: string): string {
  return `"${searchTerm(text)}"`
}
