// The older Bulk API below `/services/async/NN.0`: XML or JSON about jobs; CSV, XML, JSON, ZIP or a query in their batches.

import { Router, type Request, type Response } from 'express'
import type { Caller, Org } from '../../org/org.ts'
import { bodyText } from '../../wire/http/body.ts'
import { callClient } from '../../wire/http/headers.ts'
import { signedInByToken } from '../../wire/sessions/bearer.ts'
import { API_VERSIONS, isRetired, isSince, retiredText } from '../../org/api-versions.ts'
import { sendPieces } from './answers.ts'
import { BatchAnswer, CONTENT, found, outcome } from './batches/batch-answers.ts'
import { BatchError, batchErrorOf } from './batches/batch-error.ts'
import { isDone, type BatchJobs } from './batches/batch-jobs.ts'
import type { Batch, BatchJob } from './batches/batch.ts'
import { FIRST_WITH_JSON, noJson, readChunking, readJobInfo } from './batches/batch-order.ts'
import { formOf } from './batches/batch-run.ts'
import { fieldTypes } from './jobs/field-types.ts'
import type { BulkDoor } from './router.ts'
import { uploadText } from './upload-text.ts'

interface BatchCall {
  org: Org
  caller: Caller
  jobs: BatchJobs
  req: Request
  res: Response
  answer: BatchAnswer
}
type Handler = (call: BatchCall, jobId: string, batchId: string, resultId: string) => void | Promise<void>

const job = '/services/async/:version/job'

/** Every resource of the older Bulk API, by method. */
export const BATCH_ROUTES: { path: string; methods: Record<string, Handler> }[] = [
  { path: job, methods: { POST: openJob } },
  { path: `${job}/:job`, methods: { GET: showJob, POST: changeJob } },
  { path: `${job}/:job/batch`, methods: { GET: listBatches, POST: addBatch } },
  { path: `${job}/:job/batch/:batch`, methods: { GET: showBatch } },
  { path: `${job}/:job/batch/:batch/request`, methods: { GET: showRequest } },
  { path: `${job}/:job/batch/:batch/result`, methods: { GET: showResults } },
  { path: `${job}/:job/batch/:batch/result/:result`, methods: { GET: showQueryResult } },
]

/** Expects bodies as bytes (`readBody`). */
export function batchRouter(door: BulkDoor): Router {
  const router = Router()
  for (const { path, methods } of BATCH_ROUTES) {
    router.all(path, async (req, res) => {
      const answer = new BatchAnswer(res, isJson(req))
      try {
        const call = callOf(req, res, door, answer)
        const handler = methods[req.method]
        if (!handler) throw new BatchError('MethodNotAllowed', `HTTP method ${req.method} not allowed`)
        const param = (name: string): string => String(req.params[name] ?? '')
        await handler(call, param('job'), param('batch'), param('result'))
      } catch (error) {
        const refusal = batchErrorOf(error)
        if (!refusal) throw error
        answer.error(refusal)
      }
    })
  }
  return router
}

const isJson = (req: Request): boolean => /^application\/json\b/i.test(req.headers['content-type'] ?? '')

function callOf(req: Request, res: Response, door: BulkDoor, answer: BatchAnswer): BatchCall {
  const org = door.orgFor(req)
  const version = String(req.params['version'])
  if (!API_VERSIONS.includes(version)) throw unknownVersion(version)
  const { user } = signedInByToken(req.headers['x-sfdc-session']?.toString() ?? '', door.sessions, org)
  const client = callClient(req.headers['sforce-call-options']?.toString())
  door.usage.add({ client, username: user.username, api: 'bulkapi' })
  const caller: Caller = { userId: user.id, api: 'bulkapi', version, ...(client ? { client } : {}) }
  return { org, caller, jobs: door.batchJobs, req, res, answer }
}

function unknownVersion(version: string): BatchError {
  const text = isRetired(version) ? retiredText(version) : `Api version ${version} is not supported`
  return new BatchError('InvalidVersion', text)
}

function openJob({ org, caller, jobs, req, res, answer }: BatchCall): void {
  if (isJson(req) && !isSince(caller.version, FIRST_WITH_JSON)) throw noJson()
  const chunking = readChunking(req.headers['sforce-enable-pkchunking']?.toString())
  const opened = jobs.open(org, caller, readJobInfo(bodyText(req.body), isJson(req)), chunking)
  res.status(201)
  answer.job(opened, [])
}

function showJob({ caller, jobs, answer }: BatchCall, jobId: string): void {
  const one = jobs.find(caller, jobId)
  answer.as(one).job(one, jobs.batches(one.id))
}

function changeJob({ caller, jobs, req, answer }: BatchCall, jobId: string): void {
  const one = jobs.find(caller, jobId)
  jobs.change(one, readJobInfo(bodyText(req.body), isJson(req)).state ?? '')
  answer.as(one).job(one, jobs.batches(one.id))
}

function listBatches({ caller, jobs, answer }: BatchCall, jobId: string): void {
  const one = jobs.find(caller, jobId)
  answer.as(one).batches(jobs.batches(one.id))
}

/** What a job of each content type takes; queries are text of any of them. */
const TAKEN: Record<string, RegExp> = {
  CSV: /^text\/csv\b/i,
  XML: /^(application|text)\/xml\b/i,
  JSON: /^application\/json\b/i,
  ZIP_CSV: /^zip\/csv\b/i,
  ZIP_XML: /^zip\/xml\b/i,
  ZIP_JSON: /^zip\/json\b/i,
}
/** Beyond it a batch is not taken in. */
const BATCH_BYTES = 10_000_000

function addBatch({ org, caller, jobs, req, res, answer }: BatchCall, jobId: string): void {
  const one = jobs.find(caller, jobId)
  const bytes = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0)
  // An org does not take in a batch of nothing, where it takes in one it cannot read and fails it later.
  if (bytes.toString('latin1', 0, 1000).trim() === '') throw unreadable('The request body is empty')
  if (bytes.length > BATCH_BYTES) {
    throw unreadable(`Exceeded max size limit of ${BATCH_BYTES} with response size ${bytes.length}`)
  }
  const type = req.headers['content-type'] ?? ''
  if (!TAKEN[one.contentType]?.test(type)) {
    throw new BatchError(
      'InvalidBatch',
      `Content type ${type} does not match the job's content type ${one.contentType}`,
    )
  }
  const content = one.contentType.startsWith('ZIP_') ? bytes.toString('base64') : uploadText(bytes, type)
  if (content === undefined) throw unreadable('The body is not in the character set of its content type')
  const batch = jobs.add(org, one, content)
  res.status(201)
  answer.as(one).batch(batch)
}

const unreadable = (why: string): BatchError => new BatchError('ClientInputError', `Failed to read request. ${why}`)

function showBatch({ caller, jobs, answer }: BatchCall, jobId: string, batchId: string): void {
  const one = jobs.find(caller, jobId)
  answer.as(one).batch(jobs.batch(one, batchId))
}

function showRequest({ caller, jobs, answer }: BatchCall, jobId: string, batchId: string): void {
  const one = jobs.find(caller, jobId)
  const content = jobs.store.data(jobs.batch(one, batchId).id)
  if (!one.contentType.startsWith('ZIP_')) return answer.request(CONTENT[formOf(one)], content)
  answer.request(one.contentType.toLowerCase().replace('_', '/'), Buffer.from(content, 'base64'))
}

function finished({ caller, jobs }: BatchCall, jobId: string, batchId: string): { one: BatchJob; batch: Batch } {
  const one = jobs.find(caller, jobId)
  const batch = jobs.batch(one, batchId)
  if (!isDone(batch)) throw new BatchError('InvalidBatch', 'Batch not completed')
  if (batch.state === 'NotProcessed') throw new BatchError('InvalidBatch', 'Batch not processed: see its chunks')
  return { one, batch }
}

const isQuery = ({ operation }: BatchJob): boolean => operation === 'query' || operation === 'queryAll'

async function showResults(call: BatchCall, jobId: string, batchId: string): Promise<void> {
  const { one, batch } = finished(call, jobId, batchId)
  if (isQuery(one)) return call.answer.as(one).resultList(batch.state === 'JobComplete' ? [batch.resultId] : [])
  const form = formOf(one)
  await sendPieces(call.res, outcome(form, call.jobs.store.parts(batch.id)), CONTENT[form])
}

async function showQueryResult(call: BatchCall, jobId: string, batchId: string, resultId: string): Promise<void> {
  const { one, batch } = finished(call, jobId, batchId)
  const isOwn = resultId === batch.resultId || resultId === batch.resultId.slice(0, 15)
  if (!isQuery(one) || !isOwn) throw new BatchError('InvalidBatch', `Invalid result id: ${resultId}`)
  const form = formOf(one)
  const typeOf = fieldTypes(call.org, call.caller, one.object)
  await sendPieces(call.res, found(form, batch, typeOf, call.jobs.store.parts(batch.id)), CONTENT[form])
}
