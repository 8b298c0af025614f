// What is wrong with the shape of a mission file, in words for the administrator who writes it.
import type { z } from 'zod'
import { hintFor } from '../domain/did-you-mean.ts'
import { QUESTION_NAMES } from '../questions/registry.ts'
import type { Finding } from './checks/finding.ts'
import { missionJsonSchema } from './definition-file.ts'

type Path = readonly (string | number)[]
type Issue = z.core.$ZodIssue

/** What the schema finds wrong with a file; a key that is missing because it is misspelt is found once. */
export function findingsInFile(issues: readonly Issue[], file: unknown): Finding[] {
  const found = issues.flatMap((issue) => findingsOf(issue, file))
  const meant = found.flatMap(({ path, message }) => {
    const key = /^unknown key .* did you mean “(.+)”\?$/.exec(message)?.[1]
    return key === undefined ? [] : [[...path.slice(0, -1), key].join('\0')]
  })
  return found.filter(({ path, message }) => !(message.includes('is missing') && meant.includes(path.join('\0'))))
}

function findingsOf(issue: Issue, file: unknown): Finding[] {
  const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))
  if (issue.code === 'invalid_union') {
    if (issue.errors.length === 0) return [{ path, message: noSuchQuestion(valueAt(file, path)) }]
    const strange = strangeKeys(valueAt(file, path), keysAt(path))
    if (strange.length > 0) return strange.map((key) => ({ path: [...path, key], message: `unknown key “${key}”` }))
    // Every branch fails; the issues of the one that came closest are those that help.
    const closest = [...issue.errors].sort((a, b) => distanceOf(a) - distanceOf(b))[0] ?? []
    return closest.flatMap((inner) => findingsOf({ ...inner, path: [...issue.path, ...inner.path] }, file))
  }
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(path)
    return issue.keys.map((key) => ({ path: [...path, key], message: `unknown key “${key}”${hintFor(key, known)}` }))
  }
  return [{ path, message: messageOf(issue, path, valueAt(file, path)) }]
}

/** The keys of a value that has none of those that may stand there; empty where it has one. */
function strangeKeys(value: unknown, known: readonly string[]): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
  const keys = Object.keys(value)
  return keys.some((key) => known.includes(key)) ? [] : keys
}

/** A branch whose own keys are there is closer than any whose keys are not. */
const distanceOf = (issues: readonly Issue[]) =>
  issues.reduce((sum, issue) => {
    if (issue.code === 'unrecognized_keys') return sum + 10 * issue.keys.length
    return sum + (issue.code === 'invalid_type' && issue.path.length <= 1 ? 10 : 1)
  }, 0)

function noSuchQuestion(value: unknown): string {
  const question = typeof value === 'string' ? value : (value as { question?: unknown } | null | undefined)?.question
  if (typeof question !== 'string') return `“question” is missing: write one of ${QUESTION_NAMES.join(', ')}`
  return `there is no question “${question}”${hintFor(question, QUESTION_NAMES)}`
}

function messageOf(issue: Issue, path: Path, value: unknown): string {
  const name = String(path.at(-1) ?? 'the file')
  const what = typeof path.at(-1) === 'number' ? `entry ${Number(path.at(-1)) + 1}` : `“${name}”`
  if (ownWords(issue) && issue.code !== 'invalid_format' && issue.code !== 'invalid_key') return issue.message
  switch (issue.code) {
    case 'invalid_type':
      return value === undefined || value === null
        ? `${what} is missing: write ${article(issue.expected)}`
        : `${what} must be ${article(issue.expected)}, and is ${article(typeOf(value))}`
    case 'invalid_value':
      return `${shown(value)} cannot stand here${hintFor(String(value), issue.values.map(String))}`
    case 'invalid_format':
      return `${shown(value)} cannot stand here: write ${issue.message}`
    case 'invalid_key':
      return `“${name}” cannot be a name here: write ${issue.issues[0]?.message ?? 'another one'}`
    case 'too_small':
      return `${what} must ${bound(issue.origin, 'at least', issue.minimum)}${noPerson(path, value)}`
    case 'too_big':
      return `${what} must ${bound(issue.origin, 'at most', issue.maximum)}`
    default:
      return issue.message
  }
}

/** Whether the schema says in words of its own what is wrong. */
const ownWords = ({ message }: Issue): boolean => !/^(Invalid|Too (small|big)|Unrecognized|Expected)\b/.test(message)

const bound = (origin: string, how: string, limit: number | bigint): string => {
  if (origin === 'string') return `have ${how} ${limit} ${limit === 1 ? 'character' : 'characters'}`
  if (origin === 'array' || origin === 'record') return `have ${how} ${limit} ${limit === 1 ? 'entry' : 'entries'}`
  return `be ${how} ${limit}`
}

const noPerson = (path: Path, value: unknown): string =>
  path.at(-1) === 'needs' && value === 0
    ? ': every change needs a person; to refuse it, write “block: why” in place of “needs”'
    : ''

const shown = (value: unknown): string => `“${typeof value === 'string' ? value : JSON.stringify(value)}”`

const WORDS: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list, e.g. [a, b]',
  record: 'names with values',
  object: 'keys with values',
}
const article = (type: string): string => WORDS[type] ?? type

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  return typeof value
}

function valueAt(file: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (at, part) => (typeof at === 'object' && at !== null ? (at as Record<string | number, unknown>)[part] : undefined),
    file,
  )
}

interface Schema {
  properties?: Record<string, Schema>
  additionalProperties?: Schema | boolean
  items?: Schema
  anyOf?: Schema[]
  oneOf?: Schema[]
}

let published: Schema | null = null

/** Keys that may stand at this place of a file. */
function keysAt(path: Path): string[] {
  published ??= missionJsonSchema() as Schema
  let found: Schema[] = branchesOf(published)
  for (const part of path) found = found.flatMap((schema) => below(schema, part)).flatMap(branchesOf)
  return [...new Set(found.flatMap(({ properties }) => Object.keys(properties ?? {})))]
}

const branchesOf = (schema: Schema): Schema[] => [
  schema,
  ...[...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap(branchesOf),
]

function below({ properties, additionalProperties, items }: Schema, part: string | number): Schema[] {
  if (typeof part === 'number') return items ? [items] : []
  const found = properties?.[part] ?? additionalProperties
  return typeof found === 'object' ? [found] : []
}
