// Records that people said are not the same, as the org keeps them: read for the matcher and the writer, written on a signed rejection.
import { z } from 'zod'
import { isIn, type Operation } from '../../contract/operations/operation.ts'
import type { Subrequest } from '../org/composite.ts'
import { packaged } from '../org/names.ts'
import { idList, type Query, type Row } from '../org/query.ts'

/** Two records, or one that is the same as none. */
interface Exclusion {
  record: string
  other: string | null
}

const OBJECT = 'Mission_Exclusion__c'
const FIELDS = ['Record__c', 'Other__c', 'Until__c'] as const

/** Those about these records that hold on a day, `YYYY-MM-DD`. */
export function exclusionsQuery(namespace: string, ids: readonly string[], today: string): Query {
  const [record, other, until] = FIELDS.map((name) => packaged(namespace, name))
  const about = `(${record} IN ${idList(ids)} OR ${other} IN ${idList(ids)})`
  const holds = `(${until} = null OR ${until} >= ${today})`
  return {
    soql: `SELECT ${record}, ${other}, ${until} FROM ${packaged(namespace, OBJECT)} WHERE ${about} AND ${holds} LIMIT 500`,
  }
}

const Id = z.string().regex(/^[a-zA-Z0-9]{18}$/)

export function exclusionsOf(namespace: string, rows: readonly Row[]): Exclusion[] {
  return rows.flatMap((row) => {
    const [record, other] = [Id.safeParse(row[packaged(namespace, 'Record__c')]), row[packaged(namespace, 'Other__c')]]
    if (!record.success) return []
    const parsed = Id.safeParse(other)
    return [{ record: record.data, other: parsed.success ? parsed.data : null }]
  })
}

/** Every two records that these operations would make one. */
export function pairsMerged(operations: readonly Operation[]): [string, string][] {
  return operations.flatMap((operation) => {
    if (!isIn('merge', operation)) return []
    const all = [operation.survivor, ...operation.losers]
    return all.flatMap((a, index) => all.slice(index + 1).map((b): [string, string] => (a < b ? [a, b] : [b, a])))
  })
}

/** Ids of the records that these operations would make one although they are to stay apart; empty when none. */
export function keptApart(operations: readonly Operation[], exclusions: readonly Exclusion[]): string[] {
  const apart = pairsMerged(operations).filter(([a, b]) =>
    exclusions.some(({ record, other }) =>
      other === null ? record === a || record === b : (record === a && other === b) || (record === b && other === a),
    ),
  )
  return [...new Set(apart.flat())]
}

interface NewExclusion {
  pair: [string, string]
  decision: string
  by: string
  reason: string
}

/** The request that creates one; the org refuses a second one of a pair. */
export function exclusionRequest({ pair, decision, by, reason }: NewExclusion, namespace: string): Subrequest {
  const [record, other] = pair
  const body = {
    Key__c: `${record}/${other}`,
    Record__c: record,
    Other__c: other,
    Reason__c: reason,
    Decision__c: decision,
    By__c: by,
  }
  const named = Object.entries(body).map(([name, value]) => [packaged(namespace, name), value])
  const path = `/sobjects/${packaged(namespace, OBJECT)}`
  return { method: 'POST', path, referenceId: 'exclusion', body: Object.fromEntries(named) as object }
}
