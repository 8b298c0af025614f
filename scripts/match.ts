// npm run match -- --pairs file.csv [--people] | --records file.csv [--as pairs] [--explain] [--resume folder]: the matcher over CSV, as CSV.
import { parseArgs } from 'node:util'
import { scoreNamePairs } from './match/name-pairs.ts'
import { matchRecords } from './match/records.ts'

const USAGE = `npm run match -- --pairs file.csv                 columns name1, name2: the same rows with a score, 0 to 1
                 --people                         the names are persons'
npm run match -- --records file.csv               companies, by any of id, name, address, city, state, postal, phone, website,
                                                  email, country, duns; persons, by any of id, first name, last name or name,
                                                  email, phone, mobile, company, birthdate, address …: id, cluster
npm run match -- --records file.csv --as pairs    id1, id2, score
                 --explain                        and the band and the evidence of each pair
                 --resume folder                  keeps progress there and goes on after it was stopped`

// A reader that has seen enough closes the pipe.
process.stdout.on('error', () => process.exit(0))

try {
  const { values } = parseArgs({
    options: {
      pairs: { type: 'string' },
      people: { type: 'boolean', default: false },
      records: { type: 'string' },
      as: { type: 'string' },
      explain: { type: 'boolean', default: false },
      resume: { type: 'string' },
    },
  })
  const isKnown = values.as === undefined || values.as === 'pairs' || values.as === 'clusters'
  if ((values.pairs === undefined) === (values.records === undefined) || !isKnown) throw new Error(USAGE)
  const folder = values.resume ?? null
  if (values.pairs !== undefined) await scoreNamePairs(values.pairs, values.people)
  else await matchRecords(values.records ?? '', { asPairs: values.as === 'pairs', explained: values.explain, folder })
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
