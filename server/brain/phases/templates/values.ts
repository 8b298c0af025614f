// Values a template sets: computed from its expressions, in the form the org stores, each with its source.
import type { Source } from '../../../contract/operations/fields.ts'
import type { FieldValue } from '../../../contract/values/field-value.ts'
import type { RecordKey } from '../../../contract/values/ids.ts'
import { objectOfId } from '../../domain/key-prefix.ts'
import type { Phrase, Shown } from '../../domain/phrase.ts'
import type { NamedRecord } from '../../domain/proposal.ts'
import type { NewObservation } from '../../domain/run.ts'
import { fit, inWords, nameOf } from '../../domain/say.ts'
import { labelOf } from '../../domain/described.ts'
import { evaluate, NoValue } from '../../expressions/expression.ts'
import { memberOf } from '../../../contract/expressions/listed.ts'
import { toOrg } from '../../../contract/expressions/org-values.ts'
import type { Given } from '../../questions/asking/question.ts'
import { namesIn } from '../given/names.ts'
import { sourceOf, taintOf } from '../../questions/asking/sources.ts'

export interface Computed {
  field: string
  to: FieldValue
  source: Source
  /** The record the value points at; null for any other value. */
  names: NamedRecord | null
}

/**
 * The values of a template in the order of its fields. A blank value leaves its field as it is; one that cannot be computed says so.
 * Where a text or a model decides whether they are proposed at all, they are that text's: it chose them.
 */
export function computed(
  object: string,
  { set, when }: { set: Record<string, string>; when: string | null },
  given: Given,
): { values: Computed[]; say: NewObservation[] } {
  const values: Computed[] = []
  const say: NewObservation[] = []
  const chosenBy = when === null ? null : taintOf([sourceOf(when, given.sources)])
  for (const [field, expression] of Object.entries(set)) {
    const found = valueOf(expression, given)
    if (found === WRONG) {
      const text = fit([
        `${given.evidence.labels[`${object}.${field}`] ?? labelOf(field)} could not be worked out and stays`,
      ])
      say.push({ kind: 'concluded', text, fields: [`${object}.${field}`] })
    } else if (found.to !== null) {
      values.push({ field, to: found.to, source: chosenBy ?? sourceOf(expression, given.sources), names: found.names })
    }
  }
  return { values, say }
}

const WRONG = Symbol('not computable')

function valueOf(expression: string, given: Given): { to: FieldValue; names: NamedRecord | null } | typeof WRONG {
  try {
    const value = evaluate(expression, given.variables, given.values, given.setting)
    const to = toOrg(value)
    const name = memberOf(value, 'Name') ?? (typeof to === 'string' ? namesIn(given.evidence).get(to) : undefined)
    const isRecord = typeof name === 'string' && typeof to === 'string'
    return { to, names: isRecord ? { object: objectOfId(to), id: to, name } : null }
  } catch (error) {
    if (error instanceof NoValue || error instanceof TypeError) return WRONG
    throw error
  }
}

/** `Status to Open and Rating to Hot`; more than three fields are counted. */
export function settings(record: RecordKey, values: readonly Computed[], { evidence }: Given, words: number): Phrase {
  if (values.length > 3) return [`${values.length} fields`]
  const each = values.map((value): Phrase => {
    const label = evidence.labels[`${record.object}.${value.field}`] ?? labelOf(value.field)
    return [`${label} to `, shownOf(record, value, words)]
  })
  return each.flatMap((phrase, index) => {
    if (index === 0) return phrase
    return [index === each.length - 1 ? ' and ' : ', ', ...phrase]
  })
}

/** A value for people: a record by its name, everything else as the field's value. */
export function shownOf(record: RecordKey, { field, to, names }: Computed, words: number): Shown {
  if (names) return inWords(nameOf(names), words)
  return inWords({ text: String(to), record: { ...record }, field: `${record.object}.${field}` }, words)
}
