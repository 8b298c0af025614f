import type { Operation } from '../../contract/operations/operation.ts'
import { exclusionsOf, exclusionsQuery, keptApart, pairsMerged } from '../exclusions/exclusions.ts'
import { CallCount, CallLedger } from '../org/calls.ts'
import { runQueries, type Query, type Row } from '../org/query.ts'
import type { Services } from '../services/services.ts'

/** What the org is asked for what people keep apart; none when nothing is merged. */
export function apartQueries(operations: readonly Operation[], { namespace, now }: Services): Query[] {
  const ids = pairsMerged(operations).flat()
  return ids.length === 0 ? [] : [exclusionsQuery(namespace, ids, now().toISOString().slice(0, 10))]
}

export const apartIn = (operations: readonly Operation[], rows: readonly Row[], { namespace }: Services): string[] =>
  keptApart(operations, exclusionsOf(namespace, rows))

/** Ids of records that these operations would make one although a person keeps them apart. Asked about people's word: not part of a run's calls. */
export async function apartNow(operations: readonly Operation[], services: Services): Promise<string[]> {
  const queries = apartQueries(operations, services)
  if (queries.length === 0) return []
  const [found] = await runQueries(services.reader, queries, new CallCount(new CallLedger(), null))
  return apartIn(operations, found?.rows ?? [], services)
}

export const KEPT_APART = 'A person said that these are not the same'
