import type { FieldValue, Operation } from '../../contract/change-set.ts'
import { receiptKey } from '../../contract/transactions.ts'
import { errorOf, writeTogether, type Subrequest, type Subresponse } from '../org/composite.ts'
import { NUMERIC_TYPES, type ObjectSchema } from '../org/describe.ts'
import { exactNumber } from '../org/json.ts'
import { packaged } from '../org/names.ts'
import { runQueries } from '../org/query.ts'
import type { ToolCall } from '../services.ts'
import { createdRecords } from './created.ts'
import type { Effect, OrgRefusal, Transaction, TransactionWriter } from './plan.ts'
import { receiptOf, receiptQuery } from './receipts.ts'
import type { RecordState } from './state.ts'

const RECEIPT = 'receipt'

/** Updates, creates, deletes and the receipt: all or none, refused by the org itself when the receipt is there already. */
export const compositeWriter: TransactionWriter = {
  async write(transaction, call) {
    const { services, count } = call
    const subrequests = [...(await requestsOf(transaction, call)), receiptRequest(transaction, services.namespace)]
    services.writes.assertOn()
    const responses = await writeTogether(services.writer, subrequests, count)
    const refusal = refusalOf(responses)
    if (!refusal) return effectOf(transaction, responses)
    if (refusal.code !== 'DUPLICATE_VALUE' || refusal.by !== RECEIPT) return refusal.error
    const standing = await compositeWriter.probe(transaction, call)
    return standing ? { ...standing, status: 'already' } : refusal.error
  },
  async probe(transaction, { services, count }) {
    const query = receiptQuery(services.namespace, transaction.digest)
    const [result] = await runQueries(services.writer, [query], count)
    const receipt = receiptOf(services.namespace, result?.rows[0])
    if (!receipt) return null
    const created = await createdRecords(transaction.operations, receipt, { services, count })
    return { status: 'written', receiptId: receipt.id, created }
  },
  stands: () => null,
}

async function requestsOf({ operations, states }: Transaction, { services, count }: ToolCall): Promise<Subrequest[]> {
  const requests: Subrequest[] = []
  const touched = new Set<string>()
  for (const [index, operation] of inOrder(operations).entries()) {
    if (!('object' in operation)) continue
    const schema = await services.schemas.of(operation.object, count)
    const unchanged = 'id' in operation && !touched.has(operation.id) ? states.get(operation.id) : undefined
    if ('id' in operation) touched.add(operation.id)
    const request = requestOf(operation, `op${index}`, schema, unchanged)
    if (request) requests.push(request)
  }
  return requests
}

/** Updates, then creates, then deletes. */
function inOrder(operations: readonly Operation[]): Operation[] {
  const order: Operation['kind'][] = ['update', 'create', 'delete']
  return order.flatMap((kind) => operations.filter((operation) => operation.kind === kind))
}

function requestOf(
  operation: Operation,
  referenceId: string,
  schema: ObjectSchema,
  state: RecordState | undefined,
): Subrequest | null {
  switch (operation.kind) {
    case 'update': {
      const path = `/sobjects/${operation.object}/${operation.id}`
      const httpHeaders = state ? unmodifiedSince(state) : undefined
      return {
        method: 'PATCH',
        path,
        referenceId,
        body: bodyOf(operation.fields, schema),
        ...(httpHeaders && { httpHeaders }),
      }
    }
    case 'create':
      return {
        method: 'POST',
        path: `/sobjects/${operation.object}`,
        referenceId,
        body: bodyOf(operation.fields, schema),
      }
    case 'delete':
      return { method: 'DELETE', path: `/sobjects/${operation.object}/${operation.id}`, referenceId }
    default:
      return null
  }
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

function receiptRequest({ document, digest, anchor, planned }: Transaction, namespace: string): Subrequest {
  const body = {
    Key__c: receiptKey(digest, planned.n),
    Decision__c: document.decision,
    Digest__c: digest,
    Transaction__c: planned.n,
    Run__c: document.run,
    Mission__c: `${document.mission}@${document.missionVersion}`,
    ...(anchor && { Anchor__c: anchor }),
  }
  const named = Object.entries(body).map(([name, value]) => [packaged(namespace, name), value])
  const path = `/sobjects/${packaged(namespace, 'Mission_Receipt__c')}`
  return { method: 'POST', path, referenceId: RECEIPT, body: Object.fromEntries(named) as object }
}

/** The error that made the org roll everything back; the others only say that they were rolled back. */
function refusalOf(responses: readonly Subresponse[]): { by: string; code: string; error: OrgRefusal } | null {
  const errors = responses.flatMap((response) => {
    const error = errorOf(response)
    return error ? [{ by: response.referenceId, code: error.code, error: plain(error) }] : []
  })
  return errors.find(({ code }) => code !== 'PROCESSING_HALTED') ?? errors[0] ?? null
}

function plain(error: OrgRefusal): OrgRefusal {
  if (error.code !== 'HTTP_412') return error
  const message = 'somebody changed the record between the check and the write'
  return { code: 'PRECONDITION_FAILED', message, fields: [] }
}

function effectOf({ operations }: Transaction, responses: readonly Subresponse[]): Effect {
  const idOf = (referenceId: string) => {
    const body = responses.find((response) => response.referenceId === referenceId)?.body
    return body !== null && typeof body === 'object' && !Array.isArray(body) ? body.id : undefined
  }
  const created = inOrder(operations).flatMap((operation, index) => {
    const id = idOf(`op${index}`)
    return operation.kind === 'create' && typeof id === 'string' ? [[operation.key, id] as const] : []
  })
  const receiptId = idOf(RECEIPT)
  return {
    status: 'written',
    created: Object.fromEntries(created),
    ...(typeof receiptId === 'string' && { receiptId }),
  }
}
