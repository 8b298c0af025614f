// npm run match -- --pairs file.csv | --records file.csv [--as pairs] [--resume folder]: the matcher over CSV, as CSV.
import { parseArgs } from 'node:util'
import { scoreNamePairs } from './match/name-pairs.ts'
import { matchRecords } from './match/records.ts'

const USAGE = `npm run match -- --pairs file.csv                 columns name1, name2: the same rows with a score, 0 to 1
npm run match -- --records file.csv               any of id, name, address, city, state, postal, phone, website, country: id, cluster
npm run match -- --records file.csv --as pairs    id1, id2, score
                 --resume folder                  keeps progress there and goes on after it was stopped`

// A reader that has seen enough closes the pipe.
process.stdout.on('error', () => process.exit(0))

try {
  const { values } = parseArgs({
    options: {
      pairs: { type: 'string' },
      records: { type: 'string' },
      as: { type: 'string' },
      resume: { type: 'string' },
    },
  })
  const isKnown = values.as === undefined || values.as === 'pairs' || values.as === 'clusters'
  if ((values.pairs === undefined) === (values.records === undefined) || !isKnown) throw new Error(USAGE)
  if (values.pairs !== undefined) await scoreNamePairs(values.pairs)
  else await matchRecords(values.records ?? '', { asPairs: values.as === 'pairs', folder: values.resume ?? null })
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
