import { columnsOf, rowsOf, type Row } from './csv-file.ts'
import { companies, people, type Matching } from './matching.ts'
import { CsvOutput } from './output.ts'
import { companyOfRow, personOfRow, understood } from './rows.ts'
import { clustersOfSweep, sweep } from './sweep.ts'

interface RecordsOptions {
  /** Pairs with scores instead of clusters. */
  asPairs: boolean
  /** Adds the band and the evidence to each pair. */
  explained: boolean
  folder: string | null
}

/** Finds the records of a file that are one company or one person: a cluster for each id, or pairs with scores, as CSV. */
export async function matchRecords(path: string, options: RecordsOptions): Promise<void> {
  const { isPeople, known, ignored } = understood(await columnsOf(path))
  const rest = ignored.length === 0 ? '' : `; not understood: ${ignored.join(', ')}`
  console.error(`Read as ${isPeople ? 'persons' : 'companies'} by ${known.join(', ')}${rest}`)
  if (isPeople) return writeMatches(await factsOf(path, personOfRow), people, options)
  const facts = await factsOf(path, companyOfRow)
  const namesAlone = facts.every(
    ({ domains, pages, phones, address }) =>
      domains.length + pages.length + phones.length === 0 && address.street === null && address.city === null,
  )
  return writeMatches(facts, companies(namesAlone), options)
}

async function factsOf<Facts>(path: string, factsOfRow: (row: Row, number: number) => Facts): Promise<Facts[]> {
  const facts: Facts[] = []
  for await (const row of rowsOf(path, [])) facts.push(factsOfRow(row, facts.length + 1))
  return facts
}

async function writeMatches<Facts>(
  facts: readonly Facts[],
  matching: Matching<Facts>,
  { asPairs, explained, folder }: RecordsOptions,
): Promise<void> {
  const found = sweep(facts, matching, folder)
  const output = new CsvOutput()
  const idOf = (record: number) => matching.idOf(facts[record] as Facts)
  if (asPairs) {
    await output.write(['id1', 'id2', 'score', ...(explained ? ['band', 'evidence'] : [])])
    for (const { a, b, score } of found.pairs) {
      const more = explained ? matching.explain(facts[b] as Facts, facts[a] as Facts) : []
      await output.write([idOf(b), idOf(a), score.toFixed(4), ...more])
    }
  } else {
    const clusterOf = new Map(
      clustersOfSweep(facts, found, matching).flatMap((cluster) =>
        cluster.map((record) => [record, cluster[0] ?? record] as const),
      ),
    )
    await output.write(['id', 'cluster'])
    for (const record of facts.keys()) await output.write([idOf(record), idOf(clusterOf.get(record) ?? record)])
  }
  await output.end()
}
