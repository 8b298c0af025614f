// Parses what a caller sent, at every door: text that no database column and no canonical JSON can hold is refused first.
import type { z } from 'zod'
import { InvalidInput } from '../../domain/errors.ts'

interface Issue {
  path: string
  message: string
}

/** Deeper values fit no schema: they are left to it. */
const DEEPEST = 20

/** The parsed value of `where`, e.g. `body`. Throws InvalidInput, naming each wrong field. */
export function parseGiven<S extends z.ZodType>(schema: S, value: unknown, where: string): z.output<S> {
  const unstorable = unstorableText(value, where)
  if (unstorable.length > 0) throw new InvalidInput(`the ${where} holds text that cannot be stored`, unstorable)
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issues = parsed.error.issues.map(({ path, message }) => ({ path: [where, ...path].join('.'), message }))
  throw new InvalidInput(`the ${where} is not as documented`, issues)
}

/** Every text in the value, keys too, with a NUL or half a surrogate pair. */
function unstorableText(value: unknown, path: string, depth = 0): Issue[] {
  if (typeof value === 'string')
    return isStorable(value) ? [] : [{ path, message: 'text without NUL, in whole characters' }]
  if (typeof value !== 'object' || value === null || depth === DEEPEST) return []
  return Object.entries(value).flatMap(([key, item]) =>
    isStorable(key)
      ? unstorableText(item, `${path}.${key}`, depth + 1)
      : [{ path, message: 'names without NUL, in whole characters' }],
  )
}

const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes('\0')
