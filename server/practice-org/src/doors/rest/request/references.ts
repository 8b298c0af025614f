import { OrgError } from '../../../org/org.ts'

/** Bounded, so that a body full of opening braces costs no more than its length. */
const REFERENCE = /@\{([^{}]{0,255})\}/g
const PATH = /^([A-Za-z]\w*)((?:\.\w+|\[\d+\])+)$/

/** Bodies of earlier sub-requests by reference id. */
export type Answered = ReadonlyMap<string, unknown>

/**
 * Replaces every `@{ref.path}` in a text by the value an earlier sub-request answered.
 * Throws OrgError PROCESSING_HALTED when the reference or its value is missing.
 */
export function resolveText(text: string, answered: Answered): string {
  return text.replace(REFERENCE, (_match, expression: string) => valueOf(expression, answered))
}

/** The same, in every string within a JSON value. */
export function resolveDeep(value: unknown, answered: Answered): unknown {
  if (typeof value === 'string') return resolveText(value, answered)
  if (Array.isArray(value)) return value.map((item) => resolveDeep(item, answered))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolveDeep(item, answered)]))
}

function valueOf(expression: string, answered: Answered): string {
  const [, reference = '', path = ''] = PATH.exec(expression) ?? []
  if (!answered.has(reference)) throw missing(expression, reference || expression)
  const steps = path.match(/\w+/g) ?? []
  const value = steps.reduce<unknown>(step, answered.get(reference))
  if (value === undefined || value === null || typeof value === 'object') throw missing(expression, reference)
  return String(value)
}

function step(value: unknown, name: string): unknown {
  if (value === null || typeof value !== 'object' || !Object.hasOwn(value, name)) return undefined
  return (value as Record<string, unknown>)[name]
}

function missing(expression: string, reference: string): OrgError {
  return new OrgError({
    status: 400,
    errorCode: 'PROCESSING_HALTED',
    message: `Invalid reference specified. No value for ${expression} found in ${reference}`,
  })
}
