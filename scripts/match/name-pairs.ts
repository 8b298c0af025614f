import { companyName } from '../../server/brain/matching/normal-forms/company-name.ts'
import { nameProbability } from '../../server/brain/matching/names/name-alone.ts'
import { CsvOutput } from './output.ts'
import { rowsOf } from './rows.ts'

/** Copies a file with the columns name1 and name2 and adds how probable it is that both name one company, 0 to 1. */
export async function scoreNamePairs(path: string): Promise<void> {
  const output = new CsvOutput()
  let header: string[] | null = null
  for await (const row of rowsOf(path, ['name1', 'name2'])) {
    const columns = Object.keys(row)
    if (header === null) await output.write([...(header = columns), 'score'])
    const value = (name: string) => row[columns.find((column) => column.toLowerCase() === name) ?? name] ?? ''
    const score = nameProbability(companyName(value('name1')), companyName(value('name2')))
    await output.write([...columns.map((column) => row[column] ?? ''), score.toFixed(4)])
  }
  await output.end()
}
