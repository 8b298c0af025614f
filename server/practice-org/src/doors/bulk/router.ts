// Bulk API 2.0: ingest and query jobs below `/services/data/vNN.0/jobs`, JSON about them and CSV in them.

import { Router, type Request, type Response } from 'express'
import { z } from 'zod'
import { isSince } from '../../org/api-versions.ts'
import { OrgError, type Caller, type Org } from '../../org/org.ts'
import { bodyText, parseJson } from '../../wire/http/body.ts'
import { refusal, sendError, sendJson } from '../../wire/http/errors.ts'
import { callClient } from '../../wire/http/headers.ts'
import type { Usage } from '../../wire/http/usage.ts'
import { checkVersion } from '../../wire/http/version.ts'
import { signedIn } from '../../wire/sessions/bearer.ts'
import type { Sessions } from '../../wire/sessions/sessions.ts'
import { queryFile, resultFile, sendPieces, unprocessedFile } from './answers.ts'
import type { BatchJobs } from './batches/batch-jobs.ts'
import { IngestOrder, jobInfo, jobSummary, QueryOrder, type QueryJob } from './jobs/job.ts'
import { invalidJob, type BulkJobs } from './jobs/jobs.ts'
import { listPage } from './list-page.ts'
import { boundaryOf, readMultipart } from './multipart.ts'
import { uploadText } from './upload-text.ts'

export interface BulkDoor {
  orgFor: (req: Request) => Org
  sessions: Sessions
  usage: Usage
  jobs: BulkJobs
  batchJobs: BatchJobs
}

interface BulkCall {
  org: Org
  caller: Caller
  jobs: BulkJobs
  batchJobs: BatchJobs
  req: Request
  res: Response
  id: string
}
type Handler = (call: BulkCall) => void | Promise<void>

const ingest = '/services/data/:version/jobs/ingest'
const query = '/services/data/:version/jobs/query'
/** The versions that brought the two kinds of jobs. */
const FIRST_VERSION = { ingest: 41, query: 47 }

/** Every resource of Bulk API 2.0, by method. */
export const BULK_ROUTES: { path: string; methods: Record<string, Handler> }[] = [
  { path: ingest, methods: { GET: listJobs('ingest'), POST: openIngest } },
  {
    path: `${ingest}/:id`,
    methods: { GET: showJob('ingest'), PATCH: changeJob('ingest'), DELETE: deleteJob('ingest') },
  },
  { path: `${ingest}/:id/batches`, methods: { PUT: upload } },
  { path: `${ingest}/:id/successfulResults`, methods: { GET: successful } },
  { path: `${ingest}/:id/failedResults`, methods: { GET: failed } },
  { path: `${ingest}/:id/unprocessedrecords`, methods: { GET: unprocessed } },
  { path: query, methods: { GET: listJobs('query'), POST: openQuery } },
  { path: `${query}/:id`, methods: { GET: showJob('query'), PATCH: changeJob('query'), DELETE: deleteJob('query') } },
  { path: `${query}/:id/results`, methods: { GET: queryResults } },
  { path: `${query}/:id/resultPages`, methods: { GET: queryResultPages } },
]

/** Expects bodies as bytes (`readBody`). */
export function bulkRouter(door: BulkDoor): Router {
  const router = Router()
  for (const { path, methods } of BULK_ROUTES) {
    router.all(path, async (req, res) => {
      try {
        const call = callOf(req, res, door)
        const handler = methods[req.method === 'HEAD' ? 'GET' : req.method]
        if (!handler) throw refusal.method(req.method, [...Object.keys(methods), 'HEAD'])
        await handler(call)
      } catch (error) {
        if (!(error instanceof OrgError)) throw error
        sendError(res, error.body)
      }
    })
  }
  return router
}

function callOf(req: Request, res: Response, door: BulkDoor): BulkCall {
  const org = door.orgFor(req)
  const { user } = signedIn(req.headers, door.sessions, org)
  const version = String(req.params['version']).replace(/^v/, '')
  checkVersion(version)
  const first = req.path.includes('/jobs/query') ? FIRST_VERSION.query : FIRST_VERSION.ingest
  if (!isSince(version, first)) throw refusal.notFound()
  const client = callClient(req.headers['sforce-call-options']?.toString())
  door.usage.add({ client, username: user.username, api: 'bulkapi' })
  res.set('Sforce-Limit-Info', door.usage.limitInfo)
  const caller: Caller = { userId: user.id, api: 'bulkapi', version, ...(client ? { client } : {}) }
  return { org, caller, jobs: door.jobs, batchJobs: door.batchJobs, req, res, id: String(req.params['id'] ?? '') }
}

function bodyAs<T>(req: Request, schema: z.ZodType<T>): T {
  return checked(parseJson(bodyText(req.body)), schema)
}

function checked<T>(body: unknown, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw invalidJob(`InvalidJob : ${issue?.path.join('.') || 'body'}: ${issue?.message ?? 'invalid'}`)
}

function openIngest({ org, caller, jobs, req, res }: BulkCall): void {
  const boundary = boundaryOf(req.headers['content-type'])
  if (boundary === undefined) {
    return sendJson(res, jobSummary(jobs.openIngest(org, caller, bodyAs(req, IngestOrder))))
  }
  const parts = readMultipart(bodyText(req.body), boundary)
  const content = parts.get('content') ?? ''
  if (content.length > MULTIPART_CHARACTERS) {
    throw invalidJob(`InvalidJob : The content of a multipart request is at most ${MULTIPART_CHARACTERS} characters`)
  }
  const job = jobs.openIngest(org, caller, checked(parseJson(parts.get('job') ?? ''), IngestOrder))
  jobs.upload(job, content)
  jobs.change(org, job, 'UploadComplete')
  sendJson(res, jobSummary(job))
}

/** Beyond it an upload has to come by itself. */
const MULTIPART_CHARACTERS = 100_000

function openQuery({ org, caller, jobs, req, res }: BulkCall): void {
  sendJson(res, jobSummary(jobs.openQuery(org, caller, bodyAs(req, QueryOrder))))
}

function listJobs(kind: 'ingest' | 'query'): Handler {
  return ({ caller, jobs, batchJobs, req, res }) => {
    const own = jobs.list(caller, kind).map((job) => ({ n: job.n, ...jobSummary(job) }))
    const url = new URL(req.originalUrl, 'http://localhost')
    sendJson(res, listPage(url, [...own, ...batchJobs.summaries(caller)]))
  }
}

function showJob(kind: 'ingest' | 'query'): Handler {
  return ({ caller, jobs, id, res }) => sendJson(res, jobInfo(jobs.find(caller, kind, id)))
}

const Change = z.object({ state: z.enum(['UploadComplete', 'Aborted']) })

function changeJob(kind: 'ingest' | 'query'): Handler {
  return ({ org, caller, jobs, id, req, res }) => {
    const job = jobs.find(caller, kind, id)
    jobs.change(org, job, bodyAs(req, Change).state)
    sendJson(res, jobSummary(job))
  }
}

function deleteJob(kind: 'ingest' | 'query'): Handler {
  return ({ caller, jobs, id, res }) => {
    jobs.delete(jobs.find(caller, kind, id))
    res.status(204).end()
  }
}

function upload({ caller, jobs, id, req, res }: BulkCall): void {
  const job = jobs.find(caller, 'ingest', id)
  const type = req.headers['content-type'] ?? ''
  if (!/^text\/csv\b/i.test(type)) throw refusal.mediaType()
  const text = uploadText(req.body, type)
  if (text === undefined) throw refusal.badInput('The upload is not in UTF-8')
  jobs.upload(job, text)
  res.status(201).end()
}

function successful({ caller, jobs, id, res }: BulkCall): Promise<void> {
  return sendPieces(res, resultFile(jobs.store, jobs.find(caller, 'ingest', id), false))
}

function failed({ caller, jobs, id, res }: BulkCall): Promise<void> {
  return sendPieces(res, resultFile(jobs.store, jobs.find(caller, 'ingest', id), true))
}

function unprocessed({ caller, jobs, id, res }: BulkCall): Promise<void> {
  return sendPieces(res, unprocessedFile(jobs.store, jobs.find(caller, 'ingest', id)))
}

const PAGE = 50_000
/** Addresses that `resultPages` gives at a time. */
const PAGES = 5

/** Throws OrgError while there is no result, or for another version of the API than the job's. */
function completed({ caller, jobs, id }: BulkCall): QueryJob {
  const job = jobs.find(caller, 'query', id)
  if (job.state !== 'JobComplete') {
    throw refusal.badInput(`The job is ${job.state}: it has no results yet`, 'INVALIDJOBSTATE')
  }
  if (job.caller.version !== caller.version) {
    const message = `The job was created with API version ${job.caller.version}: its results are there only`
    throw new OrgError({ status: 409, errorCode: 'INVALIDVERSION', message })
  }
  return job
}

async function queryResults(call: BulkCall): Promise<void> {
  const { jobs, req, res } = call
  const job = completed(call)
  const params = new URL(req.originalUrl, 'http://localhost').searchParams
  const from = offsetOf(params.get('locator'))
  const wanted = Number(params.get('maxRecords') ?? PAGE)
  if (!Number.isInteger(wanted) || wanted < 1) throw refusal.badInput('maxRecords must be a positive integer')
  const count = Math.max(0, Math.min(wanted, PAGE, job.processed - from))
  const next = from + count
  res.set('Sforce-NumberOfRecords', String(count))
  res.set('Sforce-Locator', next < job.processed ? locatorOf(next) : 'null')
  await sendPieces(res, queryFile(jobs.store, job, from, count))
}

/** Where the pages of a result are, so that several can be read at once. */
function queryResultPages(call: BulkCall): void {
  const { caller, req, res } = call
  const job = completed(call)
  const from = offsetOf(new URL(req.originalUrl, 'http://localhost').searchParams.get('locator'))
  const path = `/services/data/v${caller.version}/jobs/query/${job.id}`
  const starts: number[] = []
  for (let at = from; at < job.processed && starts.length < PAGES; at += PAGE) starts.push(at)
  const next = from + starts.length * PAGE
  const done = next >= job.processed
  sendJson(res, {
    resultPages: starts.map((at) => ({ resultUrl: `${path}/results?locator=${locatorOf(at)}` })),
    nextRecordsUrl: done ? null : `${path}/resultPages?locator=${locatorOf(next)}`,
    done,
  })
}

const locatorOf = (offset: number): string => Buffer.from(String(offset)).toString('base64url')

function offsetOf(locator: string | null): number {
  if (locator === null || locator === '') return 0
  const offset = Buffer.from(locator, 'base64url').toString('latin1')
  if (!/^\d{1,10}$/.test(offset)) throw refusal.badInput('invalid query locator', 'INVALID_QUERY_LOCATOR')
  return Number(offset)
}
