import { z } from 'zod'
import { normalizeId } from '../../../schema/ids.ts'
import { isSince } from '../../../org/api-versions.ts'
import type { Caller, Org } from '../../../org/org.ts'
import { parseJson } from '../../../wire/http/body.ts'
import { parseOptions } from '../../../wire/http/headers.ts'
import { child, parseXml, text } from '../../../wire/xml/xml.ts'
import { BatchError } from './batch-error.ts'
import { keyComplaint } from '../jobs/columns.ts'
import { NO_HARD_DELETE } from '../jobs/jobs.ts'
import { OPERATIONS } from '../jobs/row-writes.ts'
import { objectComplaint } from '../jobs/supported.ts'

export const CONTENT_TYPES = ['CSV', 'XML', 'JSON', 'ZIP_CSV', 'ZIP_XML', 'ZIP_JSON'] as const
/** The version that brought JSON to the older Bulk API. */
export const FIRST_WITH_JSON = 36
export const noJson = (): BatchError => new BatchError('InvalidJob', 'JSON content type is not supported')

const ALL = [...OPERATIONS, 'query', 'queryAll'] as const

const optional = z.string().optional().catch(undefined)
const Given = z.object({
  operation: optional,
  object: optional,
  contentType: optional,
  externalIdFieldName: optional,
  concurrencyMode: optional,
  assignmentRuleId: optional,
  state: optional,
})
export type Given = z.infer<typeof Given>

/** What a body says about a job, as XML or as JSON; members that are not texts count as absent. Throws BatchError, SoapFault. */
export function readJobInfo(body: string, json: boolean): Given {
  if (!json) {
    const info = child(parseXml(body), 'jobInfo')
    return Object.fromEntries(Object.keys(Given.shape).map((name) => [name, text(info, name)]))
  }
  const parsed = Given.safeParse(parseJson(body))
  if (!parsed.success) throw new BatchError('InvalidJob', 'Unable to parse Job')
  return parsed.data
}

const Order = z.object({
  operation: z.enum(ALL, {
    error: ({ input }) => (input === undefined ? 'Missing operation' : `Operation ${String(input)} is not supported`),
  }),
  object: z.string({ error: 'Missing object' }).min(1, 'Missing object'),
  contentType: z
    .enum(CONTENT_TYPES, { error: ({ input }) => `Content type ${String(input)} is not supported` })
    .default('XML'),
  externalIdFieldName: z.string().min(1).optional(),
  concurrencyMode: z
    .enum(['Parallel', 'Serial'], { error: ({ input }) => `Concurrency mode ${String(input)} is not supported` })
    .default('Parallel'),
  assignmentRuleId: z
    .string()
    .refine((id) => normalizeId(id)?.startsWith('01Q'), 'Assignment rule id is not valid')
    .optional(),
})
export type BatchOrder = z.infer<typeof Order>

/** The job that is asked for. Throws BatchError InvalidJob, FeatureNotEnabled; OrgError NOT_FOUND. */
export function readOrder(org: Org, caller: Caller, given: Given): BatchOrder {
  const entries = Object.entries(given).filter(([, value]) => value !== undefined && value !== '')
  const parsed = Order.safeParse(Object.fromEntries(entries))
  if (!parsed.success) throw new BatchError('InvalidJob', parsed.error.issues[0]?.message ?? 'Unable to parse Job')
  const order = parsed.data
  if (order.contentType.endsWith('JSON') && !isSince(caller.version, FIRST_WITH_JSON)) throw noJson()
  org.describe(caller, order.object)
  const unsupported = objectComplaint(order.object)
  if (unsupported) throw new BatchError('InvalidEntity', unsupported)
  if (order.operation === 'hardDelete' && !org.systemPermission(caller.userId, 'BulkApiHardDelete')) {
    throw new BatchError('FeatureNotEnabled', NO_HARD_DELETE)
  }
  const key = order.externalIdFieldName
  if (order.operation === 'upsert' && key === undefined) {
    throw new BatchError('InvalidJob', 'External ID was blank for an upsert job')
  }
  const complaint = key === undefined ? undefined : keyComplaint({ org, caller, object: order.object }, key)
  if (complaint) throw new BatchError('InvalidJob', complaint)
  return order
}

export interface Chunking {
  /** Ids in one chunk. */
  size: number
  startRow?: string
  /** The object whose ids are counted, for queries of its shares. */
  parent?: string
}

const MAX_CHUNK = 250_000

/** `Sforce-Enable-PKChunking: chunkSize=50000; startRow=001…`, or `true`; undefined when it is not asked for. Throws BatchError. */
export function readChunking(header: string | undefined): Chunking | undefined {
  const options = parseOptions(header)
  if (options.size === 0 || options.has('false')) return undefined
  const size = Number(options.get('chunksize') ?? 100_000)
  if (!Number.isInteger(size) || size < 1 || size > MAX_CHUNK) {
    throw new BatchError('ClientInputError', `chunkSize must be a number from 1 to ${MAX_CHUNK}`)
  }
  const startRow = options.get('startrow')
  const parent = options.get('parent')
  const chunks = { size, ...(parent === undefined ? {} : { parent }) }
  if (startRow === undefined) return chunks
  const id = normalizeId(startRow)
  if (!id) throw new BatchError('ClientInputError', `startRow is not an id: ${startRow}`)
  return { ...chunks, startRow: id }
}
