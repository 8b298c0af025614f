// Takes what people wrote for what it means: by a phrase table of a knowledge document, and where one is set up by a language model.
// The answer is out of a text: it always needs a person.
import { z } from 'zod'
import type { Source } from '../../../contract/operations/fields.ts'
import type { FieldValue } from '../../../contract/values/field-value.ts'
import type { RecordKey } from '../../../contract/values/ids.ts'
import type { RecordValues } from '../../../contract/values/record-values.ts'
import type { Check } from '../../domain/proposal.ts'
import { fit } from '../../domain/say.ts'
import { checkExpression } from '../../expressions/expression.ts'
import { fromOrg } from '../../../contract/expressions/org-values.ts'
import {
  meaningOf as meaningOfHits,
  phrasesIn,
  phraseTable,
  type PhraseHit,
  type PhraseTable,
} from '../../knowledge/tables/phrase-table.ts'
import {
  objectOfStep,
  type Asking,
  type Claim,
  type Given,
  type Meaning,
  type QuestionFault,
  type QuestionKind,
} from '../asking/question.ts'
import { modelFieldsOf } from '../asking/model-fields.ts'
import { faultsInTable, noDocument } from '../asking/table-faults.ts'
import { citationOf, referenceOf, TableReference } from '../asking/table-reference.ts'
import { AnswerShape, typeOf } from './answers.ts'
import { readByModel, type ReadByModel, type Text } from './read-by-model.ts'

const FIELD = /^[A-Za-z]\w*\.[A-Za-z]\w*$/

const ExtractQuestion = z.strictObject({
  from: z
    .array(z.string().regex(/^[a-z][A-Za-z0-9]{0,39}\.[A-Za-z]\w*$/, 'a field of a step, e.g. lead.Description'))
    .min(1)
    .max(5)
    .describe('The texts that are looked at'),
  phrases: TableReference.describe('The phrase table, e.g. call-phrases §Outcomes'),
  answers: z
    .record(z.string().regex(/^[a-z][A-Za-z0-9]{0,39}$/, 'a name such as timeframe'), AnswerShape)
    .default({})
    .describe('What only a language model may read out of the texts; blank where none is set up'),
  model: z
    .strictObject({ fields: z.array(z.string().regex(FIELD, 'e.g. Lead.Description')).min(1).max(10) })
    .optional()
    .describe('Asks a language model as well, where one is set up; it gets these fields only'),
})
type ExtractQuestion = z.infer<typeof ExtractQuestion>

interface Found extends PhraseHit {
  /** The field that says it: `Lead.Description`. */
  from: string
  record: RecordKey
}

interface ExtractResult {
  hits: Found[]
  /** Null where no model was heard. */
  read: ReadByModel | null
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
  if (!document) return noDocument(name, 'phrases')
  const read = phraseTable(document, heading)
  const faults = 'faults' in read ? read.faults : []
  const outputs = new Set('faults' in read ? [] : read.outputs)
  const looked = new Set(asked.from.map((from) => fieldOf(from, asking)))
  return [
    ...faultsInTable(faults, document, 'phrases'),
    ...asked.from.flatMap((path, index) =>
      fromFaults(path, asking).map((message) => ({ path: ['from', index], message })),
    ),
    ...Object.keys(asked.answers).flatMap((answer) => [
      ...(outputs.has(answer)
        ? [{ path: ['answers', answer], message: `“${answer}” is an output of ${heading}` }]
        : []),
      ...(asked.model
        ? []
        : [{ path: ['answers', answer], message: 'only a model reads this: add model: { fields: […] }' }]),
    ]),
    ...modelFieldsOf(asked).flatMap(({ path, field }) =>
      looked.has(field) ? [] : [{ path, message: `${field} is not among the texts under from` }],
    ),
  ]
}

/** A field of one record, or of each record of a list. */
function fromFaults(path: string, { variables }: Asking): string[] {
  const [variable = '', member = ''] = path.split('.')
  if (variables[variable]?.kind !== 'many') return checkExpression(path, variables, 'value')
  return variables[variable].members?.includes(member) ? [] : [`${path} is never read`]
}

function fieldOf(from: string, { steps }: Pick<Asking, 'steps'>): string {
  const [variable = '', member = ''] = from.split('.')
  const step = steps.find(({ name }) => name === variable)
  return `${step ? objectOfStep(step) : variable}.${member}`
}

export const extract: QuestionKind<ExtractQuestion, ExtractResult> = {
  file: ExtractQuestion,
  ends: false,
  check: faultsOf,
  members: (asked, asking) => {
    const { document: name, heading } = referenceOf(asked.phrases)
    const document = asking.document(name)
    const read = document && phraseTable(document, heading)
    return [...(read && !('faults' in read) ? read.outputs : []), ...Object.keys(asked.answers)]
  },
  documents: (asked) => [referenceOf(asked.phrases).document],
  users: () => [],
  uses: ({ from }) => from,
  modelFields: modelFieldsOf,
  sentence: ({ from, phrases }) => `What do ${from.join(' and ')} say, by the phrases of ${phrases}?`,
  async *ask(asked, given) {
    const table = tableOf(asked, given)
    const texts = asked.from.flatMap((from) => textsOf(from, given))
    const hits = once(texts.flatMap((text) => hitsIn(table, text)))
    yield* claimsOf(table, hits, given)
    const open = texts.filter(({ record, field }) => asked.model?.fields.includes(`${record.object}.${field}`))
    const read = yield* readByModel(open, { ...shapesOf(table), ...asked.answers }, given)
    const result: ExtractResult = { hits, read }
    if (read) yield* disagreements(table, result)
    return result
  },
  meaning: meaningOf,
}

/** Texts of the step's records that are there; children stand with their parents. */
function textsOf(from: string, { steps, evidence }: Given): Text[] {
  const [variable = '', field = ''] = from.split('.')
  const step = steps.find(({ name }) => name === variable)
  if (!step) return []
  const records: readonly RecordValues[] =
    'of' in step
      ? (evidence.records[step.of] ?? []).flatMap(({ children }) =>
          (children?.[step.relationship]?.records ?? []).map((child) => ({ object: step.object, ...child })),
        )
      : (evidence.records[variable] ?? [])
  return records.flatMap((record) => {
    const text = record.values[field]
    return typeof text === 'string' && text.trim() !== '' ? [{ record, field, text }] : []
  })
}

const hitsIn = (table: PhraseTable, { record: { object, id }, field, text }: Text): Found[] =>
  phrasesIn(table, text).map((hit) => ({ ...hit, from: `${object}.${field}`, record: { object, id } }))

const once = (hits: readonly Found[]): Found[] => [
  ...new Map(hits.map((hit) => [`${hit.row} ${hit.phrase} ${hit.from}`, hit])).values(),
]

/** A model answers an output with one of the values that the table gives it. */
const shapesOf = ({ outputs, rows }: PhraseTable): Record<string, AnswerShape> =>
  Object.fromEntries(
    outputs.flatMap((name) => {
      const values = [...new Set(rows.map((row) => row.outputs[name] ?? null))].filter((value) => value !== null)
      return values.length > 0 && values.length <= 30 ? [[name, values] as const] : []
    }),
  )

/** Claims name phrases of the table, never the text they stand in. */
function* claimsOf(table: PhraseTable, hits: readonly Found[], given: Given): Generator<Claim> {
  const where = citationOf(table, given)
  for (const { row, phrase, from, record } of hits.slice(0, MOST_CLAIMS)) {
    const text = fit([`${from.split('.')[1] ?? from} says “${phrase}”`])
    yield { kind: 'noticed', text, records: [record], fields: [from], citations: [`${where} row ${row}`], by: 'rule' }
  }
  const { outputs, conflicts } = meaningOfHits(table, hits)
  for (const { output, rows } of conflicts) {
    const text = fit([`Rows ${rows.join(' and ')} of ${table.heading} say two things about ${output}; none counts`])
    yield { kind: 'concluded', text, records: [], fields: [], citations: [where], by: 'rule' }
  }
  const told = Object.entries(outputs).flatMap(([name, value]) => (value === null ? [] : [`${name} ${String(value)}`]))
  const text = fit([
    told.length > 0 ? `That means ${told.join(', ')}` : 'By the phrases, nothing that was written says more',
  ])
  yield { kind: 'concluded', text, records: [], fields: [], citations: [], by: 'rule' }
}

const MOST_CLAIMS = 5

/** Outputs on which phrases and model differ: what the phrases say stays, and the approver is told. */
function differing(table: PhraseTable, { hits, read }: ExtractResult) {
  const { outputs } = meaningOfHits(table, hits)
  return (read?.answers ?? []).filter(({ name, value }) => {
    const said = outputs[name] ?? null
    return said !== null && said !== value
  })
}

/** Values of the table may be said; what a model read besides is shown with the proposal alone. */
function* disagreements(table: PhraseTable, result: ExtractResult): Generator<Claim> {
  for (const { name, value, object, field } of differing(table, result)) {
    const text = fit([`A model reads ${name} ${String(value)}; the phrases say otherwise, and count`])
    yield { kind: 'noticed', text, records: [], fields: [`${object}.${field}`], citations: [], by: 'model' }
  }
}

function meaningOf(asked: ExtractQuestion, result: ExtractResult, given: Given): Meaning {
  const { hits, read } = result
  const table = tableOf(asked, given)
  const { outputs } = meaningOfHits(table, hits)
  const where = citationOf(table, given)
  const added = (read?.answers ?? []).filter(({ name }) => (outputs[name] ?? null) === null)
  const differ = differing(table, result)
  const from = hits[0]?.from ?? fieldOf(asked.from[0] ?? '', given)
  const isEmpty = hits.length === 0 && added.length === 0
  return {
    values: isEmpty
      ? null
      : { ...outputs, ...Object.fromEntries(added.map((each) => [each.name, typed(asked, each)])) },
    sources: {
      '': `text:${from}`,
      ...Object.fromEntries(
        added.map(({ name, object, field }): [string, Source] => [name, `model(${object}.${field})`]),
      ),
    },
    band: isEmpty ? null : differ.length > 0 || hits.length === 0 ? 'uncertain' : 'likely',
    checks: [
      ...hits.map(({ row, phrase }) => check(`“${phrase}” stands in a text`, true, 'rule', [`${where} row ${row}`])),
      ...added.map(({ name, field }) => check(`A model read ${name} out of ${field}`, true, 'model', [])),
      ...differ.map(({ name, field }) => check(`A model reads ${name} of ${field} otherwise`, false, 'model', [])),
    ],
    wrongIf: isEmpty ? [] : [['The words may be meant in another way than they are taken']],
    ...(read && {
      claims: { agreed: read.answers.length - differ.length, disagreed: differ.length, dropped: read.dropped },
    }),
    ...(read && read.withheld.length > 0 && { withheld: read.withheld }),
    restsOn: asked.from.flatMap((path) =>
      textsOf(path, given).map(({ record, field }) => ({ record, fields: [field] })),
    ),
  }
}

const check = (label: string, agrees: boolean, by: Check['by'], citations: string[]): Check => ({
  label: [label],
  agrees,
  by,
  citations,
})

/** The answer in the type its shape has. */
function typed({ answers }: ExtractQuestion, { name, value }: { name: string; value: FieldValue }): unknown {
  const shape = answers[name]
  return shape === undefined ? value : fromOrg(value, typeOf(shape))
}
