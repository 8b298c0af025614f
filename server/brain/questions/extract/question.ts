// Takes what people wrote for what it means, by a phrase table of a knowledge document. The answer is out of a text: it always needs a person.
import { z } from 'zod'
import type { Source } from '../../../contract/operations/fields.ts'
import type { RecordKey } from '../../../contract/values/ids.ts'
import { fit } from '../../domain/say.ts'
import { checkExpression } from '../../expressions/expression.ts'
import { memberOf } from '../../expressions/listed.ts'
import { textOf } from '../../expressions/text-of.ts'
import {
  meaningOf as meaningOfHits,
  phrasesIn,
  phraseTable,
  type PhraseHit,
  type PhraseTable,
} from '../../knowledge/tables/phrase-table.ts'
import {
  objectOfStep,
  recordOf,
  type Asking,
  type Claim,
  type Given,
  type Meaning,
  type QuestionFault,
  type QuestionKind,
} from '../asking/question.ts'
import { referenceOf, TableReference } from '../asking/table-reference.ts'

const ExtractQuestion = z.strictObject({
  from: z
    .array(z.string().regex(/^[a-z][A-Za-z0-9]{0,39}\.[A-Za-z]\w*$/, 'a field of a step, e.g. lead.Description'))
    .min(1)
    .max(5)
    .describe('The texts that are looked at'),
  phrases: TableReference,
})
type ExtractQuestion = z.infer<typeof ExtractQuestion>

interface Found extends PhraseHit {
  /** The field that says it: `lead.Description`. */
  from: string
  /** The record whose text says it; null where its step reads several. */
  record: RecordKey | null
}

interface ExtractResult {
  hits: Found[]
}

/** Throws TypeError for a table that was not checked. */
function tableOf(asked: ExtractQuestion, asking: Pick<Asking, 'document'>): PhraseTable {
  const { document, heading } = referenceOf(asked.phrases)
  const found = asking.document(document)
  const read = found && phraseTable(found, heading)
  if (!read || 'faults' in read) throw new TypeError(`${document} §${heading} is no phrase table`)
  return read
}

function faultsOf(asked: ExtractQuestion, asking: Asking): QuestionFault[] {
  const { document: name, heading } = referenceOf(asked.phrases)
  const document = asking.document(name)
  if (!document) return [{ path: ['phrases'], message: `no knowledge document is called ${name}` }]
  const read = phraseTable(document, heading)
  const faults = 'faults' in read ? read.faults : []
  return [
    ...faults.map(({ line, message }) => ({ path: ['phrases'], message: `${name} line ${line}: ${message}` })),
    ...asked.from.flatMap((path, index) =>
      fromFaults(path, asking).map((message) => ({ path: ['from', index], message })),
    ),
  ]
}

/** A field of one record, or of each record of a list. */
function fromFaults(path: string, { variables }: Asking): string[] {
  const [variable = '', member = ''] = path.split('.')
  if (variables[variable]?.kind !== 'many') return checkExpression(path, variables, 'value')
  return variables[variable].members?.includes(member) ? [] : [`${path} is never read`]
}

export const extract: QuestionKind<ExtractQuestion, ExtractResult> = {
  file: ExtractQuestion,
  ends: false,
  check: faultsOf,
  members: (asked, asking) => {
    const { document: name, heading } = referenceOf(asked.phrases)
    const document = asking.document(name)
    const read = document && phraseTable(document, heading)
    return read && !('faults' in read) ? read.outputs : []
  },
  documents: (asked) => [referenceOf(asked.phrases).document],
  users: () => [],
  modelFields: () => [],
  sentence: ({ from, phrases }) => `What do ${from.join(' and ')} say, by the phrases of ${phrases}?`,
  async *ask(asked, given) {
    const table = tableOf(asked, given)
    const hits = asked.from.flatMap((from) =>
      textsOf(from, given).flatMap((each) =>
        phrasesIn(table, each.text).map((hit): Found => ({ ...hit, from, record: each.record })),
      ),
    )
    const result: ExtractResult = { hits: once(hits) }
    yield* claimsOf(asked, table, result, given)
    return result
  },
  meaning: meaningOf,
}

function textsOf(from: string, { values, evidence }: Given): { text: string; record: RecordKey | null }[] {
  const [variable = '', member = ''] = from.split('.')
  const value = values[variable]
  if (Array.isArray(value)) return value.map((each) => ({ text: textOf(memberOf(each, member)), record: null }))
  const [record] = evidence.records[variable] ?? []
  return [{ text: textOf(memberOf(value, member)), record: record ? { object: record.object, id: record.id } : null }]
}

const once = (hits: readonly Found[]): Found[] => [
  ...new Map(hits.map((hit) => [`${hit.row} ${hit.phrase} ${hit.from}`, hit])).values(),
]

/** Claims name phrases of the table, never the text they stand in. */
function* claimsOf(
  asked: ExtractQuestion,
  table: PhraseTable,
  { hits }: ExtractResult,
  given: Given,
): Generator<Claim> {
  const where = `${table.document} v${given.version(table.document).version} §${table.heading}`
  for (const { row, phrase, from, record } of hits.slice(0, MOST_CLAIMS)) {
    const records = record ? [record] : []
    const fields = [fieldOf(from, given)]
    const text = fit([`${from.split('.')[1] ?? from} says “${phrase}”`])
    yield { kind: 'noticed', text, records, fields, citations: [`${where} row ${row}`], by: 'rule' }
  }
  const { outputs, conflicts } = meaningOfHits(table, hits)
  for (const { output, rows } of conflicts) {
    const text = fit([`Rows ${rows.join(' and ')} of ${table.heading} say two things about ${output}; none counts`])
    yield { kind: 'concluded', text, records: [], fields: [], citations: [where], by: 'rule' }
  }
  const told = Object.entries(outputs).flatMap(([name, value]) => (value === null ? [] : [`${name} ${String(value)}`]))
  const text = fit([told.length > 0 ? `That means ${told.join(', ')}` : 'Nothing that was written says more'])
  yield { kind: 'concluded', text, records: [], fields: [], citations: [], by: 'rule' }
}

const MOST_CLAIMS = 5

function fieldOf(from: string, { steps }: Given): string {
  const [variable = '', member = ''] = from.split('.')
  const step = steps.find(({ name }) => name === variable)
  return `${step ? objectOfStep(step) : variable}.${member}`
}

function meaningOf(asked: ExtractQuestion, { hits }: ExtractResult, given: Given): Meaning {
  const table = tableOf(asked, given)
  const { outputs } = meaningOfHits(table, hits)
  const where = `${table.document} v${given.version(table.document).version} §${table.heading}`
  const [first] = hits
  const source: Source = `text:${fieldOf(first?.from ?? asked.from[0] ?? '', given)}`
  return {
    values: hits.length === 0 ? null : outputs,
    sources: { '': source },
    band: hits.length === 0 ? null : 'likely',
    checks: hits.map(({ row, phrase }) => ({
      label: [`“${phrase}” stands in a text`],
      agrees: true,
      by: 'rule',
      citations: [`${where} row ${row}`],
    })),
    wrongIf: hits.length === 0 ? [] : [['The words may be meant in another way than the table takes them']],
    restsOn: asked.from.flatMap((from) => {
      const [variable = '', member = ''] = from.split('.')
      const record = recordOf(given.evidence, variable)
      return record ? [{ record, fields: [member] }] : []
    }),
  }
}
