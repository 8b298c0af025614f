// Bulk API 2.0: ingest and query jobs below `/services/data/vNN.0/jobs`, JSON about them and CSV in them.

import { Router, type Request, type Response } from 'express'
import { z } from 'zod'
import { OrgError, type Caller, type Org } from '../../org.ts'
import { bodyText, parseJson } from '../http/body.ts'
import { refusal, sendError, sendJson } from '../http/errors.ts'
import { callClient } from '../http/headers.ts'
import type { Usage } from '../http/usage.ts'
import { signedIn } from '../oauth/bearer.ts'
import type { Sessions } from '../oauth/sessions.ts'
import { API_VERSIONS } from '../rest/describe.ts'
import { writeCsv } from './csv.ts'
import { DELIMITERS, IngestOrder, jobInfo, QueryOrder, type IngestJob } from './job.ts'
import { invalidJob, type BulkJobs } from './jobs.ts'

export interface BulkDoor {
  orgFor: (req: Request) => Org
  sessions: Sessions
  usage: Usage
  jobs: BulkJobs
}

interface BulkCall {
  org: Org
  caller: Caller
  jobs: BulkJobs
  req: Request
  res: Response
  id: string
}
type Handler = (call: BulkCall) => void

const ingest = '/services/data/:version/jobs/ingest'
const query = '/services/data/:version/jobs/query'

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
]

/** Expects bodies as bytes (`readBody`). */
export function bulkRouter(door: BulkDoor): Router {
  const router = Router()
  for (const { path, methods } of BULK_ROUTES) {
    router.all(path, (req, res) => {
      try {
        const call = callOf(req, res, door)
        const handler = methods[req.method === 'HEAD' ? 'GET' : req.method]
        if (!handler) throw refusal.method(req.method, [...Object.keys(methods), 'HEAD'])
        handler(call)
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
  if (!API_VERSIONS.includes(version)) throw refusal.notFound()
  const client = callClient(req.headers['sforce-call-options']?.toString())
  door.usage.add({ client, username: user.username, api: 'bulkapi' })
  res.set('Sforce-Limit-Info', door.usage.limitInfo)
  const caller: Caller = { userId: user.id, api: 'bulkapi', version, ...(client ? { client } : {}) }
  return { org, caller, jobs: door.jobs, req, res, id: String(req.params['id'] ?? '') }
}

function bodyAs<T>(req: Request, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(parseJson(bodyText(req.body)))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw invalidJob(`InvalidJob : ${issue?.path.join('.') || 'body'}: ${issue?.message ?? 'invalid'}`)
}

function openIngest({ org, caller, jobs, req, res }: BulkCall): void {
  sendJson(res, jobInfo(jobs.openIngest(org, caller, bodyAs(req, IngestOrder))))
}

function openQuery({ org, caller, jobs, req, res }: BulkCall): void {
  sendJson(res, jobInfo(jobs.openQuery(org, caller, bodyAs(req, QueryOrder))))
}

function listJobs(kind: 'ingest' | 'query'): Handler {
  return ({ caller, jobs, res }) =>
    sendJson(res, { done: true, nextRecordsUrl: null, records: jobs.list(caller, kind).map(jobInfo) })
}

function showJob(kind: 'ingest' | 'query'): Handler {
  return ({ caller, jobs, id, res }) => sendJson(res, jobInfo(jobs.find(caller, kind, id)))
}

const Change = z.object({ state: z.enum(['UploadComplete', 'Aborted']) })

function changeJob(kind: 'ingest' | 'query'): Handler {
  return ({ org, caller, jobs, id, req, res }) => {
    const job = jobs.find(caller, kind, id)
    jobs.change(org, job, bodyAs(req, Change).state)
    sendJson(res, jobInfo(job))
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
  if (!/^text\/csv\b/i.test(req.headers['content-type'] ?? '')) throw refusal.mediaType()
  jobs.upload(job, bodyText(req.body))
  res.status(201).end()
}

function sendCsv(res: Response, text: string): void {
  res.set('Content-Type', 'text/csv').end(text)
}

function resultFile(job: IngestJob, header: string[], rows: string[][]): string {
  const lineEnd = job.lineEnding === 'CRLF' ? '\r\n' : '\n'
  return writeCsv([[...header, ...job.columns], ...rows], DELIMITERS[job.columnDelimiter], lineEnd)
}

function successful({ caller, jobs, id, res }: BulkCall): void {
  const job = jobs.find(caller, 'ingest', id)
  const rows = job.results.flatMap((result, n) =>
    result.error === undefined ? [[result.id, String(result.created), ...(job.rows[n] ?? [])]] : [],
  )
  sendCsv(res, resultFile(job, ['sf__Id', 'sf__Created'], rows))
}

function failed({ caller, jobs, id, res }: BulkCall): void {
  const job = jobs.find(caller, 'ingest', id)
  const rows = job.results.flatMap((result, n) =>
    result.error === undefined ? [] : [[result.id, result.error, ...(job.rows[n] ?? [])]],
  )
  sendCsv(res, resultFile(job, ['sf__Id', 'sf__Error'], rows))
}

function unprocessed({ caller, jobs, id, res }: BulkCall): void {
  const job = jobs.find(caller, 'ingest', id)
  sendCsv(res, resultFile(job, [], job.rows.slice(job.results.length)))
}

const PAGE = 50_000

function queryResults({ caller, jobs, id, req, res }: BulkCall): void {
  const job = jobs.find(caller, 'query', id)
  if (job.state !== 'JobComplete') {
    throw refusal.badInput(`The job is ${job.state}: it has no results yet`, 'INVALIDJOBSTATE')
  }
  const params = new URL(req.originalUrl, 'http://localhost').searchParams
  const from = locatorOf(params.get('locator'))
  const wanted = Number(params.get('maxRecords') ?? PAGE)
  if (!Number.isInteger(wanted) || wanted < 1) throw refusal.badInput('maxRecords must be a positive integer')
  const { columns, rows } = job.result
  const page = rows.slice(from, from + Math.min(wanted, PAGE))
  const next = from + page.length
  res.set('Sforce-NumberOfRecords', String(page.length))
  res.set('Sforce-Locator', next < rows.length ? Buffer.from(String(next)).toString('base64url') : 'null')
  sendCsv(res, writeCsv([columns, ...page], DELIMITERS[job.columnDelimiter], job.lineEnding === 'CRLF' ? '\r\n' : '\n'))
}

function locatorOf(locator: string | null): number {
  const from = locator === null || locator === '' ? 0 : Number(Buffer.from(locator, 'base64url').toString('latin1'))
  if (!Number.isInteger(from) || from < 0) throw refusal.badInput('invalid query locator', 'INVALID_QUERY_LOCATOR')
  return from
}
