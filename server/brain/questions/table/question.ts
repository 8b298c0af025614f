// Asks a decision table of a knowledge document: which row applies to a record, and what that row gives.
import { z } from 'zod'
import type { Source } from '../../../contract/operations/fields.ts'
import type { FieldValue } from '../../../contract/values/field-value.ts'
import { hintFor } from '../../domain/did-you-mean.ts'
import { named } from '../../domain/named-record.ts'
import type { Phrase } from '../../domain/phrase.ts'
import type { Check } from '../../domain/proposal.ts'
import { fit, nameOf } from '../../domain/say.ts'
import { checkExpression, evaluate } from '../../expressions/expression.ts'
import { fromOrg } from '../../../contract/expressions/org-values.ts'
import { textOf } from '../../../contract/expressions/text-of.ts'
import { gapsOf } from '../../knowledge/tables/complete.ts'
import { decide, type TableAnswer } from '../../knowledge/tables/decide.ts'
import { decisionTable, type DecisionTable } from '../../knowledge/tables/decision-table.ts'
import {
  recordOf,
  type Asking,
  type Claim,
  type Given,
  type Meaning,
  type QuestionFault,
  type QuestionKind,
} from '../asking/question.ts'
import { fieldsNamedBy, groundsNamedBy } from '../asking/named-fields.ts'
import { sourceOf, taintOf } from '../asking/sources.ts'
import { lookedAtBesidesFields, modelFieldsOf } from '../asking/model-fields.ts'
import { faultsInTable, noDocument } from '../asking/table-faults.ts'
import { citationOf, referenceOf, TableReference } from '../asking/table-reference.ts'
import { modelRow } from './model-row.ts'

const TableQuestion = z.strictObject({
  table: TableReference,
  about: z
    .string()
    .regex(/^[a-z][A-Za-z0-9]{0,39}$/, 'a read step, e.g. lead')
    .describe('The record its columns are fields of'),
  inputs: z
    .record(z.string().min(1).max(40), z.string().min(1).max(500))
    .default({})
    .describe('Columns whose values are expressions, by column name'),
  model: z
    .strictObject({
      fields: z
        .array(z.string().regex(/^[A-Za-z]\w*\.[A-Za-z][\w.]*$/, 'e.g. Lead.Title'))
        .min(1)
        .max(20),
    })
    .optional()
    .describe('Asks a language model, where one is set up, which row applies; it gets the values of these fields only'),
})
type TableQuestion = z.infer<typeof TableQuestion>

/** The answer with what it was asked, so that a reader can follow it. */
interface TableResult {
  answer: TableAnswer
  /** The row a language model named, null for none of them; absent where none was heard. */
  modelRow?: number | null
  /** Input columns with their values, as texts. */
  asked: { column: string; value: FieldValue }[]
}

const CITED_OUTPUTS = 3

/** Throws TypeError for a table that was not checked. */
function tableOf(asked: TableQuestion, asking: Pick<Asking, 'document'>): DecisionTable {
  const { document, heading } = referenceOf(asked.table)
  const found = asking.document(document)
  const read = found && decisionTable(found, heading)
  if (!read || 'faults' in read) throw new TypeError(`${document} §${heading} is no decision table`)
  return read
}

/** What gives an input column its value. */
function expressionOf(asked: TableQuestion, column: DecisionTable['inputs'][number]): string {
  return (
    asked.inputs[column.name] ??
    column.expression?.replaceAll(/\brecord\./g, `${asked.about}.`) ??
    `${asked.about}.${column.name}`
  )
}

function faultsOf(asked: TableQuestion, asking: Asking): QuestionFault[] {
  const { document: name, heading } = referenceOf(asked.table)
  const document = asking.document(name)
  if (!document) return noDocument(name, 'table')
  const read = decisionTable(document, heading)
  if ('faults' in read || !asking.variables[asked.about]) {
    const faults = 'faults' in read ? read.faults : []
    return [
      ...faultsInTable(faults, document, 'table'),
      ...(asking.variables[asked.about]
        ? []
        : [
            {
              path: ['about'],
              message: `“${asked.about}” is no step or answer before this question${hintFor(asked.about, Object.keys(asking.variables))}`,
            },
          ]),
    ]
  }
  const columns = new Set(read.inputs.map((input) => input.name))
  return [
    ...faultsInTable(gapsOf(read), document, 'table'),
    ...Object.keys(asked.inputs)
      .filter((column) => !columns.has(column))
      .map((column) => ({
        path: ['inputs', column],
        message: `${name} §${heading} has no column “${column}”${hintFor(column, [...columns])}`,
      })),
    ...read.inputs.flatMap((input) => inputFaults(asked, input, asking)),
    ...modelFaults(asked, read, asking),
  ]
}

function inputFaults(asked: TableQuestion, input: DecisionTable['inputs'][number], asking: Asking): QuestionFault[] {
  const path = Object.hasOwn(asked.inputs, input.name) ? ['inputs', input.name] : ['table']
  const wrong = checkExpression(expressionOf(asked, input), asking.variables, 'value')
  const hint = path[0] === 'table' ? `column “${input.name}”: ` : ''
  return wrong.map((message) => ({ path, message: `${hint}${message}` }))
}

/** A model that sees half of what the table looks at would only guess; one that sees more is shown what the mission does not list. */
function modelFaults(asked: TableQuestion, read: DecisionTable, asking: Asking): QuestionFault[] {
  const { model } = asked
  if (!model) return []
  const fault = (message: string): QuestionFault => ({ path: ['model', 'fields'], message })
  const inputs = inputsOf(asked, read)
  const besides = new Set(inputs.flatMap((input) => lookedAtBesidesFields(input, asking)))
  return [
    ...fieldsNamedBy(inputs, asking)
      .filter((field) => !model.fields.includes(field))
      .map((field) => fault(`the table looks at ${field}: add it, or ask no model`)),
    ...[...besides].map((name) =>
      fault(`the table looks at ${name}, and a model is shown fields of records alone: ask no model`),
    ),
  ]
}

/** What gives each column its value, and what cells of outputs compute. */
function usesOf(asked: TableQuestion, asking: Asking): string[] {
  const read = tableOf(asked, asking)
  const computed = read.rules.flatMap(({ outputs }) => outputs.filter((text) => text?.startsWith('`')))
  return [
    ...inputsOf(asked, read),
    ...computed.map((text) =>
      String(text)
        .replaceAll('`', '')
        .replaceAll(/\brecord\./g, `${asked.about}.`),
    ),
  ]
}

export const table: QuestionKind<TableQuestion, TableResult> = {
  file: TableQuestion,
  ends: false,
  check: faultsOf,
  members: (asked, asking) => {
    const { document: name, heading } = referenceOf(asked.table)
    const document = asking.document(name)
    const read = document && decisionTable(document, heading)
    return read && !('faults' in read) ? read.outputs.map((output) => output.name) : []
  },
  documents: (asked) => [referenceOf(asked.table).document],
  users: (asked, asking) => {
    const read = tableOf(asked, asking)
    const columns = read.outputs.flatMap(({ type }, index) => (type === 'user' ? [index] : []))
    const named = read.rules.flatMap(({ outputs }) => columns.map((index) => outputs[index] ?? null))
    return [...new Set(named.filter((name) => name !== null))].sort()
  },
  uses: usesOf,
  modelFields: modelFieldsOf,
  sentence: (asked) => `Which row of ${asked.table} applies to the ${asked.about}?`,
  async *ask(asked, given) {
    const read = tableOf(asked, given)
    const inputs = read.inputs.map((input) =>
      evaluate(expressionOf(asked, input), given.variables, given.values, given.setting),
    )
    const answer = decide(read, inputs, given.setting, { variables: given.variables, values: given.values })
    const shown = read.inputs.map(({ name }, index) => ({ column: name, value: shownOf(inputs[index]) }))
    const result: TableResult = { answer, asked: shown }
    yield claimOf(asked, read, result, given)
    const heard = asked.model && (yield* modelRow(read, shown, given))
    if (heard === undefined) return result
    const differs = heard !== answer.row
    const text = fit([
      `A model would take ${heard === null ? 'no row' : `row ${heard}`} of ${read.heading}; the rules count`,
    ])
    if (differs)
      yield { kind: 'noticed', text, records: [], fields: [], citations: [citationOf(read, given)], by: 'model' }
    return { ...result, modelRow: heard }
  },
  meaning: meaningOf,
}

const shownOf = (value: unknown): FieldValue => (typeof value === 'boolean' || value === null ? value : textOf(value))

function claimOf(asked: TableQuestion, read: DecisionTable, { answer }: TableResult, given: Given): Claim {
  const { heading } = read
  const record = recordOf(given.evidence, asked.about)
  const base = {
    kind: 'concluded' as const,
    records: record ? [{ object: record.object, id: record.id }] : [],
    fields: fieldsNamedBy(inputsOf(asked, read), given),
    by: 'rule' as const,
  }
  const of: Phrase = record ? [' applies to ', nameOf(named(record))] : [' applies']
  const where = citationOf(read, given)
  if (answer.row !== null) {
    const rule = read.rules.find(({ row }) => row === answer.row)
    // Computed values may hold text of records: they are shown with the proposal alone.
    const written = read.outputs.flatMap(({ name }, index) => {
      const text = rule?.outputs[index] ?? null
      return text === null || text.startsWith('`') ? [] : [`${name} ${text}`]
    })
    const what = written.length > 0 ? `: ${written.slice(0, CITED_OUTPUTS).join(', ')}` : ''
    return {
      ...base,
      text: fit([`${heading} row ${answer.row} applies${what}`]),
      citations: [`${where} row ${answer.row}`],
    }
  }
  const text: Phrase =
    answer.why === 'no row applies'
      ? [`No row of ${heading}`, ...of]
      : [`Rows ${answer.rows.join(' and ')} of ${heading} apply together; its author must choose`]
  return { ...base, text: fit(text), citations: [where] }
}

const inputsOf = (asked: TableQuestion, read: DecisionTable): string[] =>
  read.inputs.map((input) => expressionOf(asked, input))

/** The outputs of the row that applies; a user by record, null where the org has none who is active. */
function meaningOf(asked: TableQuestion, { answer, modelRow: heard }: TableResult, given: Given): Meaning {
  const read = tableOf(asked, given)
  const restsOn = groundsNamedBy(inputsOf(asked, read), given)
  const none = { values: null, sources: {}, band: null, checks: [], wrongIf: [], restsOn }
  if (answer.row === null) return none
  const where = `${citationOf(read, given)} row ${answer.row}`
  const taint = taintOf(read.inputs.map((input) => sourceOf(expressionOf(asked, input), given.sources)))
  const source: Source = taint ?? `knowledge:${where}`
  const values = read.outputs.map(
    ({ name, type }) => [name, valueOf(answer.outputs[name] ?? null, type, given)] as const,
  )
  const label: Phrase = [`Row ${answer.row} of ${read.heading} applies`]
  return {
    values: Object.fromEntries(values),
    sources: { '': source },
    band: heard !== undefined && heard !== answer.row ? 'uncertain' : taint === null ? 'strong' : 'likely',
    checks: [{ label, agrees: true, by: 'rule', citations: [where] }, ...modelCheck(read, answer.row, heard)],
    ...(heard !== undefined && {
      claims: { agreed: heard === answer.row ? 1 : 0, disagreed: heard === answer.row ? 0 : 1, dropped: 0 },
    }),
    wrongIf: [],
    restsOn,
  }
}

function modelCheck(read: DecisionTable, row: number, heard: number | null | undefined): Check[] {
  if (heard === undefined) return []
  const agrees = heard === row
  const label: Phrase = [
    agrees ? `A model takes the same row of ${read.heading}` : `A model takes another row of ${read.heading}`,
  ]
  return [{ label, agrees, by: 'model', citations: [] }]
}

function valueOf(value: FieldValue, type: DecisionTable['outputs'][number]['type'], { evidence }: Given): unknown {
  if (type === 'number') return fromOrg(value, 'double')
  if (type === 'date') return fromOrg(value, 'date')
  if (type !== 'user') return value
  const user = evidence.users.find(
    ({ username, isActive }) => isActive && username.toLowerCase() === String(value).toLowerCase(),
  )
  return user ? { Id: user.id, Name: user.name, Username: user.username } : null
}
