// What may be read out of a text besides the outputs of a phrase table: answers with a shape of their own.
import { z } from 'zod'
import type { FieldValue } from '../../../contract/values/field-value.ts'
import { addSeconds, millisOf } from '../../../contract/values/instant.ts'
import { characterCount } from '../../../contract/values/text.ts'

/** `[Won, Lost]`, `text(80)`, `number` or `date`. */
export const AnswerShape = z.union([
  z.array(z.string().min(1).max(80)).min(1).max(30),
  z.string().regex(/^(text\([1-9]\d{0,2}\)|number|date)$/, 'text(80), number, date, or a list of values'),
])
export type AnswerShape = z.infer<typeof AnswerShape>

/** The value as a field takes it; null for what the shape does not admit. */
export function admitted(value: string, shape: AnswerShape): FieldValue {
  const said = value.trim()
  if (Array.isArray(shape)) return shape.find((each) => each.toLowerCase() === said.toLowerCase()) ?? null
  if (shape === 'number') return /^-?\d{1,15}(\.\d{1,6})?$/.test(said) ? said : null
  if (shape === 'date') return isDate(said) ? said : null
  const most = Number(/\d+/.exec(shape)?.[0])
  return said !== '' && characterCount(said) <= most ? said : null
}

/** A day that no calendar has, e.g. 2027-02-30, comes back as another one. */
function isDate(text: string): boolean {
  const at = `${text}T00:00:00Z`
  return /^\d{4}-\d\d-\d\d$/.test(text) && millisOf(at) !== null && addSeconds(at, 0).startsWith(text)
}

/** The type of an answer as expressions meet it; undefined for a text. */
export const typeOf = (shape: AnswerShape): string | undefined =>
  shape === 'number' ? 'double' : shape === 'date' ? 'date' : undefined
