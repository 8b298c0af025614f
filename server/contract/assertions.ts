// Conditions of a mission that must hold right before the first write: what they are made of, and when they hold.
import { parse } from '@marcbachmann/cel-js'
import type { Assertion, GrantedAssertion } from './assertion.ts'
import { commonEnvironment, evaluateIn } from './expressions/environment.ts'
import { MACROS } from './expressions/functions.ts'
import { namingOf } from './expressions/named.ts'
import { fromOrg } from './expressions/org-values.ts'
import { touchedBy, type Operation } from './operations/operation.ts'
import type { FieldValue } from './values/field-value.ts'

/** Fields that a condition takes of each step, by step. Throws when it is no expression. */
export function fieldsAsserted(holds: string): Map<string, string[]> {
  const fields = new Map<string, string[]>()
  for (const { variable, member } of namingOf(parse(holds).ast).named)
    fields.set(variable, [...(fields.get(variable) ?? []), ...(member === null ? [] : [member])])
  return fields
}

/** Reasons why a text cannot be such a condition over these steps; empty when it can. */
export function checkAssertion(holds: string, steps: readonly string[]): string[] {
  try {
    const { called, brackets, named } = namingOf(parse(holds).ast)
    if (brackets) return ['write a member with a dot, e.g. lead.Status']
    const walks = called.filter((name) => MACROS.some((macro) => macro === name))
    if (walks.length > 0) return [`${walks.join(', ')} walks a list: an assertion is about single records`]
    if (named.length === 0) return ['it names no record: say what must hold, e.g. lead.IsConverted == false']
    const whole = named.filter(({ member }) => member === null)
    if (whole.length > 0) return whole.map(({ variable }) => `say which field of ${variable}, e.g. ${variable}.Status`)
    const ofParents = named.filter(({ member }) => member?.includes('.'))
    if (ofParents.length > 0)
      return ofParents.map(({ variable, member }) => `${variable}.${member} is of another record: read that as a step`)
    const { valid, type, error } = environmentOver(steps).check(holds)
    if (!valid) return [firstLine(error?.message ?? 'not an expression')]
    return type === 'bool' || type === 'dyn' ? [] : [`this must be true or false, and is ${type}`]
  } catch (error) {
    return [firstLine(error instanceof Error ? error.message : 'not an expression')]
  }
}

/** A record as it was read; `type` is what a describe calls a field's type. */
interface ReadRecord {
  values: Readonly<Record<string, FieldValue>>
  type(field: string): string | undefined
}

/** Whether it holds on these records; a record or field that was not read, or a value that cannot be computed, means that it does not. */
export function assertionHolds(
  { holds, over }: Assertion,
  recordOf: (id: string) => ReadRecord | null,
  today: string,
): boolean {
  try {
    const fields = fieldsAsserted(holds)
    const steps: Record<string, Record<string, unknown>> = {}
    for (const { step, id } of over) {
      const record = recordOf(id)
      if (!record) return false
      const members: Record<string, unknown> = { Id: id }
      for (const field of fields.get(step) ?? []) {
        if (field !== 'Id' && record.values[field] === undefined) return false
        if (field !== 'Id') members[field] = fromOrg(record.values[field], record.type(field))
      }
      steps[step] = members
    }
    return evaluateIn(environmentOver(Object.keys(steps)), holds, steps, { today }) === true
  } catch {
    return false
  }
}

/** Why a change set does not state what its grant has to hold; null when it does. */
export function assertionMissing(
  granted: readonly GrantedAssertion[],
  stated: readonly Assertion[],
  operations: readonly Operation[],
): string | null {
  for (const { holds, over } of granted) {
    const found = stated.find((each) => each.holds === holds)
    if (!found) return `the change set does not state that ${holds}`
    const touched = operations.flatMap(touchedBy)
    for (const [step, { object, sole }] of Object.entries(over)) {
      const records = found.over.filter((each) => each.step === step)
      const [record] = records
      if (records.length !== 1 || record?.object !== object)
        return `the change set does not name the ${step} of ${holds}`
      const other = touched.find((each) => each.object === object && each.id !== record.id)
      if (sole && other) return `${holds} is stated of ${record.id}, and ${other.id} is changed`
    }
  }
  return null
}

function environmentOver(steps: readonly string[]): ReturnType<typeof commonEnvironment> {
  const environment = commonEnvironment()
  for (const step of steps) environment.registerVariable(step, 'map')
  return environment
}

const firstLine = (text: string): string => text.split('\n')[0] ?? text
