import type { CompanyFacts } from '../../server/brain/matching/facts/company-facts.ts'
import { CsvOutput } from './output.ts'
import { factsOfRow, rowsOf } from './rows.ts'
import { clustersOfSweep, sweep } from './sweep.ts'

interface RecordsOptions {
  /** Pairs with scores instead of clusters. */
  asPairs: boolean
  folder: string | null
}

/** Finds the records of a file that are one company: a cluster for each id, or pairs with scores, as CSV. */
export async function matchRecords(path: string, { asPairs, folder }: RecordsOptions): Promise<void> {
  const facts: CompanyFacts[] = []
  for await (const row of rowsOf(path, ['name'])) facts.push(factsOfRow(row, facts.length + 1))
  const namesAlone = facts.every(
    ({ domains, pages, phones, address }) =>
      domains.length + pages.length + phones.length === 0 && address.street === null && address.city === null,
  )
  const found = sweep(facts, { folder, namesAlone })
  const output = new CsvOutput()
  const idOf = (record: number) => facts[record]?.id ?? ''
  if (asPairs) {
    await output.write(['id1', 'id2', 'score'])
    for (const { a, b, score } of found.pairs) await output.write([idOf(b), idOf(a), score.toFixed(4)])
  } else {
    const clusterOf = new Map(
      clustersOfSweep(facts, found, namesAlone).flatMap((cluster) =>
        cluster.map((record) => [record, cluster[0] ?? record] as const),
      ),
    )
    await output.write(['id', 'cluster'])
    for (const record of facts.keys()) await output.write([idOf(record), idOf(clusterOf.get(record) ?? record)])
  }
  await output.end()
}
