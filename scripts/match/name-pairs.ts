import { companyName } from '../../server/brain/matching/normal-forms/company-name.ts'
import { nameProbability } from '../../server/brain/matching/names/name-alone.ts'
import { personName } from '../../server/brain/matching/people/person-name.ts'
import { personNameProbability } from '../../server/brain/matching/people/person-name-likeness.ts'
import { columnsOf, rowsOf } from './csv-file.ts'
import { CsvOutput } from './output.ts'

/** Copies a file with the columns name1 and name2 and adds how probable it is that both name one company or person, 0 to 1. */
export async function scoreNamePairs(path: string, isPeople: boolean): Promise<void> {
  const scoreOf = isPeople ? scoreOfPeople : scoreOfCompanies
  const header = await columnsOf(path)
  const column = (name: string) => header.find((each) => each.toLowerCase() === name) ?? name
  const [first, second] = [column('name1'), column('name2')]
  const rows = rowsOf(path, ['name1', 'name2'])
  const output = new CsvOutput()
  let isFirst = true
  for (;;) {
    const { value: row, done } = await rows.next()
    // The columns have been checked by now.
    if (isFirst) await output.write([...header, 'score'])
    isFirst = false
    if (done === true) break
    const score = scoreOf(row[first] ?? '', row[second] ?? '')
    await output.write([...header.map((each) => row[each] ?? ''), score.toFixed(4)])
  }
  await output.end()
}

const scoreOfCompanies = (a: string, b: string) => nameProbability(companyName(a), companyName(b))

function scoreOfPeople(a: string, b: string): number {
  const nameOf = (full: string) => personName({ full, first: null, middle: null, last: null, suffix: null })
  return personNameProbability(nameOf(a), nameOf(b))
}
