// Expressions of missions and decision tables: CEL over what was read and answered, checked before use and bounded in time.
import { parse } from '@marcbachmann/cel-js'
import { evaluateIn } from '../../contract/expressions/environment.ts'
import { BUILT_IN, MACROS, type Setting } from '../../contract/expressions/functions.ts'
import { environmentOf, type Variables } from './environment.ts'
import { namingOf, type Named } from '../../contract/expressions/named.ts'
import { closestTo, hintFor } from '../domain/did-you-mean.ts'

/** An expression whose value could not be computed, e.g. a text compared with a number. */
export class NoValue extends Error {
  readonly expression: string

  constructor(expression: string, why: string) {
    super(why)
    this.name = 'NoValue'
    this.expression = expression
  }
}

const OWN = [
  'today',
  'days',
  'workday',
  'day',
  'daysSince',
  'daysUntil',
  'text',
  'lower',
  'upper',
  'blank',
  'first',
  'one',
  'country',
  'state',
  'phone',
  'domain',
  'tidy',
  'titleCase',
  'lastWord',
  'withoutLastWord',
  'round',
  'least',
  'count',
  'sum',
  'latest',
  'earliest',
] as const
const OFFERED = [...OWN, ...BUILT_IN, ...MACROS].sort()

/** Reasons why an expression cannot be used with these variables; empty when it can. */
export function checkExpression(expression: string, variables: Variables, wants: 'bool' | 'value'): string[] {
  const naming = parsed(expression)
  if ('wrong' in naming) return [naming.wrong]
  const unknown = naming.named.flatMap((each) => unknownIn(each, variables))
  if (unknown.length > 0) return unknown
  const refused = naming.called.filter((name) => !OFFERED.some((offered) => offered === name))
  if (refused.length > 0) return refused.map((name) => `${name} is not offered${hintFor(name, OFFERED, plainly)}`)
  if (naming.nests) return ['a list is walked inside another walk: that may take too long']
  if (naming.brackets) return ['write a member with a dot, e.g. lead.Name']
  const { valid, type, error } = environmentOf(variables).check(expression)
  if (!valid) return [cannotRead(expression, error)]
  if (wants === 'bool' && type !== 'bool' && type !== 'dyn')
    return [`this must be true or false, and is ${type}: compare it with something`]
  return []
}

/** What a checked expression names. */
export function namedIn(expression: string): Named[] {
  const naming = parsed(expression)
  return 'wrong' in naming ? [] : naming.named
}

/** The value of a checked expression. Throws NoValue. */
export function evaluate(
  expression: string,
  variables: Variables,
  values: Readonly<Record<string, unknown>>,
  setting: Setting,
): unknown {
  try {
    return evaluateIn(environmentOf(variables), expression, values, setting)
  } catch (error) {
    throw new NoValue(expression, firstLine(error instanceof Error ? error.message : 'not computable'))
  }
}

/** The language's own words for what is wrong, after the expression they are about. */
const cannotRead = (expression: string, error: unknown): string =>
  `“${expression.replaceAll(/\s+/g, ' ').trim()}” cannot be read as an expression: ${firstLine(error instanceof Error ? error.message : 'it has no meaning')}`

function parsed(expression: string): ReturnType<typeof namingOf> | { wrong: string } {
  try {
    return namingOf(parse(expression).ast)
  } catch (error) {
    return { wrong: cannotRead(expression, error) }
  }
}

function unknownIn({ variable, member }: Named, variables: Variables): string[] {
  const known = variables[variable]
  if (!known) return [`${variable} is not known here${hintFor(variable, Object.keys(variables), plainly)}`]
  if (member === null || known.members === null) return []
  const isKnown = known.members.some((name) => name === member || name.startsWith(`${member}.`))
  if (isKnown) return []
  const close = closestTo(member, known.members)
  const hint = close === null ? '' : `: did you mean ${variable}.${close}?`
  return [`${variable}.${member} is never read${hint}`]
}

const plainly = (name: string): string => name

const firstLine = (text: string): string => text.split('\n')[0] ?? text
