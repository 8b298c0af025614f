// Every refusal of the engine, in the code and words of an org (docs/sources.md#errors).
import { OrgError, type OrgErrorBody } from '../org/org.ts'
import type { SaveResult } from '../org/row-calls.ts'

export function refusal(errorCode: string, message: string, fields?: string[], status = 400): OrgError {
  const body: OrgErrorBody = { errorCode, message, status, ...(fields ? { fields } : {}) }
  return new OrgError(body)
}

const HINT = (suffix: string, name: string) =>
  `If you are attempting to use a custom ${name}, be sure to append the '__c' after the ${suffix}. ` +
  'Please reference your WSDL or the describe call for the appropriate names.'

export const noSuchColumn = (field: string, object: string): string =>
  `No such column '${field}' on entity '${object}'. ${HINT('custom field name', 'field')}`
export const noSuchObject = (object: string): string =>
  `sObject type '${object}' is not supported. ${HINT('entity name', 'object')}`

export const notFound = (): OrgError => refusal('NOT_FOUND', 'The requested resource does not exist', undefined, 404)
export const isDeleted = (): OrgError => refusal('ENTITY_IS_DELETED', 'entity is deleted', [], 404)
export const noAccess = (): OrgError =>
  refusal('INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id', [])
export const noAccessTo = (id: string): OrgError =>
  refusal(
    'INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY',
    `insufficient access rights on cross-reference id: ${id.slice(0, 15)}`,
    [],
  )
export const unknownField = (field: string, object: string): OrgError =>
  refusal('INVALID_FIELD', `No such column '${field}' on sobject of type ${object}`)
export const fieldNotWritable = (fields: string[]): OrgError =>
  refusal(
    'INVALID_FIELD_FOR_INSERT_UPDATE',
    `Unable to create/update fields: ${fields.join(', ')}. Please check the security settings of this field and ` +
      'verify that it is read/write for your profile or permission set.',
    fields,
  )
export const requiredMissing = (fields: string[]): OrgError =>
  refusal('REQUIRED_FIELD_MISSING', `Required fields are missing: [${fields.join(', ')}]`, fields)

/**
 * A query refusal with the echo of the query, caret and position that an org puts before the reason.
 * @param token what the refusal is about; its first whole-word place in the query is marked
 * @param clause where to look for it first, e.g. `WHERE`
 */
export function queryRefusal(
  errorCode: string,
  soql: string,
  token: string,
  reason: string,
  clause?: 'WHERE' | 'ORDER',
): OrgError {
  const start = clause ? Math.max(0, soql.search(new RegExp(`\\b${clause}\\b`, 'i'))) : 0
  const after = positionOf(soql.slice(start), token)
  return refusalAt(errorCode, soql, start + after < soql.length ? start + after : positionOf(soql, token), reason)
}

/** The same, for a place that is known. */
export function refusalAt(errorCode: string, soql: string, at: number, reason: string): OrgError {
  const line = soql.slice(0, at).split(/\r\n|\r|\n/)
  const column = (line.at(-1)?.length ?? 0) + 1
  const [echo, caret] = excerpt(soql, at)
  return refusal(errorCode, `\n${echo}\n${' '.repeat(caret)}^\nERROR at Row:${line.length}:Column:${column}\n${reason}`)
}

function positionOf(soql: string, token: string): number {
  if (!token) return soql.length
  const escaped = token.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const word = /^\w/.test(token) ? new RegExp(`(?<![\\w.])${escaped}(?!\\w)`, 'i') : new RegExp(escaped)
  const found = soql.search(word)
  return found < 0 ? Math.max(0, soql.indexOf(token)) : found
}

/** About 80 characters around the place, of whole words, on one line, and where the caret goes. */
function excerpt(soql: string, at: number): [string, number] {
  const near = Math.max(0, at - 40)
  const cut = near > 0 && /[^\s,]/.test(soql[near - 1] ?? '') ? /^[^\s,]*[\s,]+/.exec(soql.slice(near, at)) : null
  const start = near + (cut?.[0].length ?? 0)
  const end = at + 40 + (/^[^\s,]*/.exec(soql.slice(at + 40))?.[0].length ?? 0)
  return [soql.slice(start, Math.min(end, at + 80)).replace(/[\r\n]/g, ' '), at - start]
}

/** Refusals that concern the record become part of the result; the others fail the call, as SOAP faults do. */
export function rowErrors(error: unknown): SaveResult['errors'] {
  if (!(error instanceof OrgError)) throw error
  const { errorCode, message, fields, status } = error.body
  if (status >= 500 || status === 401 || errorCode === 'INVALID_TYPE') throw error
  return [{ statusCode: errorCode, message, fields: fields ?? [] }]
}
