// Tells what was read in a few sentences, by a template of a knowledge document; a language model may put the same facts into other words.
import { z } from 'zod'
import type { Source } from '../../../contract/operations/fields.ts'
import { shortened } from '../../../contract/values/text.ts'
import { fit } from '../../domain/say.ts'
import { checkExpression, evaluate, NoValue } from '../../expressions/expression.ts'
import { textOf } from '../../../contract/expressions/text-of.ts'
import {
  summaryTemplate,
  type SummaryTemplate,
  type TemplateSentence,
} from '../../knowledge/tables/summary-template.ts'
import { modelFieldsOf, restOnlyOn, unreadModelFields } from '../asking/model-fields.ts'
import { fieldsNamedBy, groundsNamedBy, recordsNamedBy } from '../asking/named-fields.ts'
import {
  type Asking,
  type Claim,
  type Given,
  type Meaning,
  type QuestionFault,
  type QuestionKind,
} from '../asking/question.ts'
import { sourceOf, taintOf } from '../asking/sources.ts'
import { citationOf, referenceOf, TableReference } from '../asking/table-reference.ts'
import type { Fact } from './fact.ts'
import { retold, type Retelling } from './retold.ts'

const SummaryQuestion = z.strictObject({
  template: TableReference.describe('The list of sentences, e.g. renewal-playbook §Brief'),
  model: z
    .strictObject({ fields: z.array(z.string().regex(/^[A-Za-z]\w*\.[A-Za-z][\w.]*$/, 'e.g. Account.Name')).min(1) })
    .optional()
    .describe('Lets a language model, where one is set up, put into words what rests on these fields alone'),
})
type SummaryQuestion = z.infer<typeof SummaryQuestion>

interface SummaryResult {
  facts: Fact[]
  /** Null where no model was asked, or none of its sentences could be kept. */
  told: Retelling | null
}

const MOST_CHARACTERS = 4_000
const RECORDS_OF_A_FACT = 20

/** Throws TypeError for a template that was not checked. */
function templateOf(asked: SummaryQuestion, asking: Pick<Asking, 'document'>): SummaryTemplate {
  const { document, heading } = referenceOf(asked.template)
  const found = asking.document(document)
  const read = found && summaryTemplate(found, heading)
  if (!read || 'faults' in read) throw new TypeError(`${document} §${heading} is no template`)
  return read
}

function faultsOf(asked: SummaryQuestion, asking: Asking): QuestionFault[] {
  const { document: name, heading } = referenceOf(asked.template)
  const document = asking.document(name)
  const fault = (line: number, message: string) => ({ path: ['template'], message: `${name} line ${line}: ${message}` })
  if (!document) return [{ path: ['template'], message: `no knowledge document is called ${name}` }]
  const read = summaryTemplate(document, heading)
  if ('faults' in read) return read.faults.map(({ line, message }) => fault(line, message))
  const wrong = read.sentences.flatMap((sentence) => [
    ...(sentence.when === null ? [] : checkExpression(sentence.when, asking.variables, 'bool')).map((message) =>
      fault(sentence.line, message),
    ),
    ...valuesIn(sentence).flatMap((expression) =>
      checkExpression(expression, asking.variables, 'value').map((message) => fault(sentence.line, message)),
    ),
  ])
  return [...wrong, ...unreadModelFields(asked, asking)]
}

const valuesIn = ({ pieces }: TemplateSentence): string[] =>
  pieces.flatMap((piece) => ('expression' in piece ? [piece.expression] : []))

const expressionsIn = (sentence: TemplateSentence): string[] => [
  ...(sentence.when === null ? [] : [sentence.when]),
  ...valuesIn(sentence),
]

export const summary: QuestionKind<SummaryQuestion, SummaryResult> = {
  file: SummaryQuestion,
  ends: false,
  check: faultsOf,
  members: () => ['text'],
  documents: (asked) => [referenceOf(asked.template).document],
  users: () => [],
  modelFields: modelFieldsOf,
  sentence: ({ template }) => `What do the sentences of ${template} say about what was read?`,
  async *ask(asked, given) {
    const template = templateOf(asked, given)
    const facts = template.sentences.flatMap((sentence) => factOf(sentence, asked, given))
    yield* claimsOf(template, facts, given)
    return { facts, told: yield* retold(facts, given) }
  },
  meaning: meaningOf,
}

/** Empty where its condition does not hold, or a value is blank or cannot be computed: half a sentence misleads. */
function factOf(sentence: TemplateSentence, { model }: SummaryQuestion, given: Given): Fact[] {
  const value = (expression: string): unknown => {
    try {
      return evaluate(expression, given.variables, given.values, given.setting)
    } catch (error) {
      if (error instanceof NoValue) return null
      throw error
    }
  }
  if (sentence.when !== null && value(sentence.when) !== true) return []
  const parts = sentence.pieces.map((piece) => ('words' in piece ? piece.words : textOf(value(piece.expression))))
  if (sentence.pieces.some((piece, n) => 'expression' in piece && parts[n]?.trim() === '')) return []
  const expressions = expressionsIn(sentence)
  return [
    {
      section: sentence.section,
      line: sentence.line,
      text: parts.join('').replaceAll(/\s+/g, ' ').trim(),
      records: recordsNamedBy(expressions, given, RECORDS_OF_A_FACT),
      fields: fieldsNamedBy(expressions, given),
      isForModel: model !== undefined && restOnlyOn(expressions, model.fields, given),
    },
  ]
}

/** One line a section. The sentences themselves hold values of records: they are shown with the proposal alone. */
function* claimsOf(template: SummaryTemplate, facts: readonly Fact[], given: Given): Generator<Claim> {
  const where = citationOf(template, given)
  const sections = Map.groupBy(facts, ({ section }) => section)
  for (const [section, some] of [...sections].slice(0, MOST_SECTIONS)) {
    yield {
      kind: 'noticed',
      text: fit([`${section ?? template.heading}: ${some.length === 1 ? 'one sentence' : `${some.length} sentences`}`]),
      records: [...new Map(some.flatMap(({ records }) => records).map((record) => [record.id, record])).values()],
      fields: [...new Set(some.flatMap(({ fields }) => fields))].sort(),
      citations: some.map(({ line }) => `${where} line ${line}`),
      by: 'rule',
    }
  }
}

const MOST_SECTIONS = 8

function meaningOf(asked: SummaryQuestion, { facts, told }: SummaryResult, given: Given): Meaning {
  const template = templateOf(asked, given)
  const where = citationOf(template, given)
  const used = template.sentences.filter(({ line }) => facts.some((fact) => fact.line === line))
  const taint = taintOf(used.flatMap(expressionsIn).map((expression) => sourceOf(expression, given.sources)))
  const isTold = told !== null && told.sentences.length > 0
  const source: Source = isTold ? `model(${where})` : (taint ?? `knowledge:${where}`)
  return {
    values: facts.length === 0 ? null : { text: isTold ? spoken(told, facts) : written(facts) },
    sources: { '': source },
    band: null,
    checks: [],
    wrongIf: isTold ? [['A language model put the summary into words; read it beside the records']] : [],
    restsOn: groundsNamedBy(used.flatMap(expressionsIn), given),
    ...(told && { claims: { agreed: told.sentences.length, disagreed: 0, dropped: told.dropped } }),
    ...(told && told.withheld.length > 0 && { withheld: told.withheld }),
  }
}

/** Sections with their sentences, a line each. */
function written(facts: readonly Fact[]): string {
  const sections = Map.groupBy(facts, ({ section }) => section)
  const blocks = [...sections].map(([section, some]) =>
    [...(section === null ? [] : [section]), ...some.map(({ text }) => (section === null ? text : `- ${text}`))].join(
      '\n',
    ),
  )
  return shortened(blocks.join('\n\n'), MOST_CHARACTERS)
}

/** The model's sentences, and below them what it was not shown. */
function spoken({ sentences }: Retelling, facts: readonly Fact[]): string {
  const own = sentences.map(({ text }) => text).join('\n')
  const rest = written(facts.filter(({ isForModel }) => !isForModel))
  return shortened(rest === '' ? own : `${own}\n\n${rest}`, MOST_CHARACTERS)
}
