// Which row of a decision table a language model takes to apply. The rules decide; a model that differs is shown.
import { z } from 'zod'
import type { FieldValue } from '../../../contract/values/field-value.ts'
import { ScreenedInput } from '../../domain/screening/screened-input.ts'
import type { DecisionTable } from '../../knowledge/tables/decision-table.ts'
import { hearModel } from '../asking/hear-model.ts'
import type { Claim, Given } from '../asking/question.ts'

const Reply = z.object({ row: z.number().int().nullable() })

/** The model's row, null for none of them; undefined where no model was heard, or it named a row that is not there. */
export async function* modelRow(
  table: DecisionTable,
  values: readonly { column: string; value: FieldValue }[],
  { model, document }: Pick<Given, 'model' | 'document'>,
): AsyncGenerator<Claim, number | null | undefined, void> {
  if (model === null) return undefined
  const written = document(table.document)?.sections.find(({ heading }) => heading === table.heading)?.tables[0]
  const rows = (written?.rows ?? []).map((cells, n) => ({
    row: n + 1,
    conditions: Object.fromEntries(table.inputs.map(({ name }) => [name, cells[name] ?? ''])),
  }))
  const given = { values: Object.fromEntries(values.map(({ column, value }) => [column, String(value ?? '')])) }
  const input = new ScreenedInput(given, { hitPolicy: table.hit, rows })
  // A value that addresses a model hides what the table looks at: its row would be a guess.
  if (input.withheld.length > 0) return undefined
  const { reply, claims } = await hearModel(model, { prompt: 'table', input, reply: Reply })
  yield* claims
  const isRow = reply !== null && (reply.row === null || table.rules.some(({ row }) => row === reply.row))
  return isRow ? reply.row : undefined
}
