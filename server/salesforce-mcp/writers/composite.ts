import { NUMERIC_TYPES, type FieldValue } from '../../contract/values/field-value.ts'
import {
  createdBy,
  isIn,
  touchedBy,
  type KindIn,
  type Operation,
  type OperationOf,
} from '../../contract/operations/operation.ts'
import { ToolFailure } from '../failure/failure.ts'
import { COMPOSITE_SUBREQUESTS, errorOf, writeTogether, type Subrequest, type Subresponse } from '../org/composite.ts'
import type { ObjectSchema } from '../org/describe.ts'
import { exactNumber } from '../org/json.ts'
import { QUERIES_PER_CALL, querySubrequest, rowsOf, runQueries } from '../org/query.ts'
import type { ToolCall } from '../services/services.ts'
import { createdRecords } from './created.ts'
import type { Effect, OrgRefusal, Transaction, TransactionWriter } from './transaction.ts'
import { receiptOf, receiptQuery, receiptRequest, type ReceiptFields } from './receipts.ts'
import { stateReading, type RecordState } from './state.ts'

const RECEIPT = 'receipt'
/** Code of the refusal of a record that is newer than when it was read. */
export const CHANGED_MEANWHILE = 'PRECONDITION_FAILED'

/** Updates, creates, deletes and the receipt: all or none, refused by the org itself when the receipt is there already. */
export const compositeWriter: TransactionWriter = {
  async write(transaction, call) {
    const { services, count } = call
    const writes = [
      ...(await requestsOf(transaction, call)),
      receiptRequest(receiptOfCommit(transaction), services.namespace, RECEIPT),
    ]
    const { reads, afterOf } = await readingAfter(transaction, COMPOSITE_SUBREQUESTS - writes.length, call)
    services.writes.assertOn()
    assertInTime(call)
    const responses = await writeTogether(services.writer, [...writes, ...reads], count)
    const refusal = refusalOf(responses)
    if (!refusal) return { ...effectOf(transaction, responses), ...afterOf(responses) }
    if (refusal.code !== 'DUPLICATE_VALUE' || refusal.by !== RECEIPT) return refusal.error
    const standing = await compositeWriter.probe(transaction, call)
    if (!standing) throw voidedFailure()
    return { ...standing, status: 'already' }
  },
  async probe(transaction, call) {
    const { services, count } = call
    const query = receiptQuery(services.namespace, transaction.digest)
    const [result] = await runQueries(services.writer, [query], count)
    const receipt = receiptOf(services.namespace, result?.rows[0])
    if (!receipt || receipt.voided) return null
    const created = await createdRecords(transaction.operations, receipt, call)
    return { status: 'written', receiptId: receipt.id, created }
  },
  stands: () => null,
}

/** Reads of the next owner changes' records, as the last subrequests of the composite: no call more. None when they do not fit. */
async function readingAfter({ nextOwners }: Transaction, room: number, { services, count }: ToolCall) {
  const reading = await stateReading(nextOwners, services.schemas, count)
  const { queries } = reading
  const fits = queries.length > 0 && queries.length <= Math.min(room, QUERIES_PER_CALL)
  const reads = fits ? queries.map((query, index) => querySubrequest(query, `after${index}`)) : []
  const afterOf = (responses: readonly Subresponse[]): Pick<Effect, 'after'> => {
    const found = responses.filter(({ referenceId }) => reads.some((read) => read.referenceId === referenceId))
    return fits ? { after: reading.statesOf(found.flatMap(({ body }) => rowsOf(body).rows)) } : {}
  }
  return { reads, afterOf }
}

/** The approval ended meanwhile, and the org holds a mark in the place of the receipt. */
export const voidedFailure = (): ToolFailure =>
  new ToolFailure('refused', 'the approvals of this change set were voided before it was written')

/**
 * Looked at right before the first write leaves. A worker that was paused may have lost the run meanwhile, and people may have rejected
 * what it still carries. Once the first transaction stands, every worker finds its receipt and finishes the rest.
 */
function assertInTime({ services, notAfter }: ToolCall): void {
  if (notAfter === null || services.now() <= notAfter) return
  throw new ToolFailure('too-late', 'the write was asked for too long ago and did not begin')
}

type CompositeKind = KindIn<'composite'>
type CompositeOperation = OperationOf<CompositeKind>

interface RequestContext {
  referenceId: string
  schema: ObjectSchema
  /** The record as it was right before the write, for the first request that touches it. */
  state: RecordState | undefined
}

/** The request that writes an operation, by kind, in the order of sending. */
const REQUESTS: { [K in CompositeKind]: (operation: OperationOf<K>, context: RequestContext) => Subrequest } = {
  update({ object, id, fields }, { referenceId, schema, state }) {
    const httpHeaders = state ? unmodifiedSince(state) : undefined
    const path = `/sobjects/${object}/${id}`
    return { method: 'PATCH', path, referenceId, body: bodyOf(fields, schema), ...(httpHeaders && { httpHeaders }) }
  },
  create: ({ object, fields }, { referenceId, schema }) => ({
    method: 'POST',
    path: `/sobjects/${object}`,
    referenceId,
    body: bodyOf(fields, schema),
  }),
  delete: ({ object, id }, { referenceId }) => ({ method: 'DELETE', path: `/sobjects/${object}/${id}`, referenceId }),
}

async function requestsOf({ operations, states }: Transaction, { services, count }: ToolCall): Promise<Subrequest[]> {
  const requests: Subrequest[] = []
  const touched = new Set<string>()
  for (const [index, operation] of inOrder(operations).entries()) {
    const schema = await services.schemas.of(operation.object, count)
    const ids = touchedBy(operation).map(({ id }) => id)
    const state = ids.flatMap((id) => (touched.has(id) ? [] : (states.get(id) ?? [])))[0]
    ids.forEach((id) => touched.add(id))
    requests.push(requestOf(operation, { referenceId: `op${index}`, schema, state }))
  }
  return requests
}

/** Updates, then creates, then deletes. */
function inOrder(operations: readonly Operation[]): CompositeOperation[] {
  const own = operations.filter((operation) => isIn('composite', operation))
  return Object.keys(REQUESTS).flatMap((kind) => own.filter((operation) => operation.kind === kind))
}

function requestOf(operation: CompositeOperation, context: RequestContext): Subrequest {
  const request = REQUESTS[operation.kind] as (operation: CompositeOperation, context: RequestContext) => Subrequest
  return request(operation, context)
}

/** HTTP dates have whole seconds: the next one, so that a record is never newer than its own time. */
function unmodifiedSince({ values }: RecordState): Record<string, string> | undefined {
  const modified = Date.parse(String(values.SystemModstamp))
  if (Number.isNaN(modified)) return undefined
  return { 'If-Unmodified-Since': new Date(Math.ceil(modified / 1000) * 1000).toUTCString() }
}

function bodyOf(fields: Record<string, { to: FieldValue }>, schema: ObjectSchema): object {
  const entries = Object.entries(fields).map(([name, { to }]) => [name, wireValue(to, schema.field(name)?.type)])
  return Object.fromEntries(entries)
}

function wireValue(value: FieldValue, type: string | undefined): unknown {
  if (typeof value !== 'string' || value === '') return value === '' ? null : value
  return type !== undefined && NUMERIC_TYPES.has(type) ? exactNumber(value) : value
}

function receiptOfCommit({ document, digest, anchor, approvers, planned }: Transaction): ReceiptFields {
  const { decision, run, mission, missionVersion } = document
  const about = { decision, digest, run, mission: `${mission}@${missionVersion}`, anchor }
  return { ...about, transaction: planned.n, approvedBy: approvers, voided: false }
}

/** The error that made the org roll everything back; the others only report that they were rolled back. */
function refusalOf(responses: readonly Subresponse[]): { by: string; code: string; error: OrgRefusal } | null {
  const errors = responses.flatMap((response) => {
    const error = errorOf(response)
    return error ? [{ by: response.referenceId, code: error.code, error: plain(error) }] : []
  })
  return errors.find(({ code }) => code !== 'PROCESSING_HALTED') ?? errors[0] ?? null
}

function plain(error: OrgRefusal): OrgRefusal {
  if (error.code !== 'HTTP_412') return error
  const message = 'the record was changed between the check and the write'
  return { code: CHANGED_MEANWHILE, message, fields: [] }
}

function effectOf({ operations }: Transaction, responses: readonly Subresponse[]): Effect {
  const idOf = (referenceId: string) => {
    const body = responses.find((response) => response.referenceId === referenceId)?.body
    return body !== null && typeof body === 'object' && !Array.isArray(body) ? body.id : undefined
  }
  const created = inOrder(operations).flatMap((operation, index) => {
    const id = idOf(`op${index}`)
    const key = createdBy(operation)
    return key !== null && typeof id === 'string' ? [[key, id] as const] : []
  })
  const receiptId = idOf(RECEIPT)
  return {
    status: 'written',
    created: Object.fromEntries(created),
    ...(typeof receiptId === 'string' && { receiptId }),
  }
}
