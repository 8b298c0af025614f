// The older Bulk API below `/services/async/NN.0`: XML about jobs, CSV or a query in their batches.

import { Router, type Request, type Response } from 'express'
import { OrgError, type Caller, type Org } from '../../org.ts'
import { bodyText } from '../http/body.ts'
import { callClient } from '../http/headers.ts'
import { signedInByToken } from '../oauth/bearer.ts'
import { API_VERSIONS } from '../rest/describe.ts'
import { buildXml } from '../soap/build-xml.ts'
import { SoapFault } from '../soap/fault.ts'
import { child, parseXml, text } from '../soap/xml.ts'
import { BatchError, isDone, type Batch, type BatchJob, type BatchJobs } from './batch-jobs.ts'
import { writeCsv } from './csv.ts'
import type { BulkDoor } from './router.ts'

interface BatchCall {
  org: Org
  caller: Caller
  jobs: BatchJobs
  req: Request
  res: Response
}
type Handler = (call: BatchCall, jobId: string, batchId: string, resultId: string) => void

const job = '/services/async/:version/job'

/** Every resource of the older Bulk API, by method. */
export const BATCH_ROUTES: { path: string; methods: Record<string, Handler> }[] = [
  { path: job, methods: { POST: openJob } },
  { path: `${job}/:job`, methods: { GET: showJob, POST: changeJob } },
  { path: `${job}/:job/batch`, methods: { GET: listBatches, POST: addBatch } },
  { path: `${job}/:job/batch/:batch`, methods: { GET: showBatch } },
  { path: `${job}/:job/batch/:batch/result`, methods: { GET: showResults } },
  { path: `${job}/:job/batch/:batch/result/:result`, methods: { GET: showQueryResult } },
]

/** Expects bodies as bytes (`readBody`). */
export function batchRouter(door: BulkDoor & { batchJobs: BatchJobs }): Router {
  const router = Router()
  for (const { path, methods } of BATCH_ROUTES) {
    router.all(path, (req, res) => {
      try {
        const call = callOf(req, res, door)
        const handler = methods[req.method]
        if (!handler) throw new BatchError('MethodNotAllowed', `HTTP method ${req.method} not allowed`)
        const param = (name: string): string => String(req.params[name] ?? '')
        handler(call, param('job'), param('batch'), param('result'))
      } catch (error) {
        refuse(res, error)
      }
    })
  }
  return router
}

function callOf(req: Request, res: Response, door: BulkDoor & { batchJobs: BatchJobs }): BatchCall {
  const org = door.orgFor(req)
  const version = String(req.params['version'])
  if (!API_VERSIONS.includes(version)) throw new BatchError('InvalidVersion', `Api version ${version} is not supported`)
  const { user } = signedInByToken(req.headers['x-sfdc-session']?.toString() ?? '', door.sessions, org)
  const client = callClient(req.headers['sforce-call-options']?.toString())
  door.usage.add({ client, username: user.username, api: 'bulkapi' })
  const caller: Caller = { userId: user.id, api: 'bulkapi', version, ...(client ? { client } : {}) }
  return { org, caller, jobs: door.batchJobs, req, res }
}

function refuse(res: Response, error: unknown): void {
  const known = error instanceof BatchError ? error : fromOrg(error)
  if (!known) throw error
  res.status(400)
  sendXml(res, { error: { '@xmlns': NAMESPACE, exceptionCode: known.code, exceptionMessage: known.message } })
}

function fromOrg(error: unknown): BatchError | undefined {
  if (error instanceof SoapFault) return new BatchError('InvalidXML', 'Unable to parse the request')
  if (!(error instanceof OrgError)) return undefined
  const { errorCode, message } = error.body
  if (errorCode === 'INVALID_SESSION_ID') return new BatchError('InvalidSessionId', 'Invalid session id')
  if (errorCode === 'REQUEST_LIMIT_EXCEEDED') return new BatchError('ExceededQuota', message)
  return new BatchError(errorCode === 'NOT_FOUND' ? 'InvalidEntity' : 'ClientInputError', message)
}

const NAMESPACE = 'http://www.force.com/2009/06/asyncapi/dataload'

function sendXml(res: Response, value: Record<string, unknown>): void {
  res.set('Content-Type', 'application/xml;charset=UTF-8')
  res.end(`<?xml version="1.0" encoding="UTF-8"?>${buildXml(value)}`)
}

function sendCsv(res: Response, rows: string[][]): void {
  res.set('Content-Type', 'text/csv').end(writeCsv(rows))
}

const iso = (ms: number): string => new Date(ms).toISOString()

function jobXml(one: BatchJob): Record<string, unknown> {
  const count = (state: string): number => one.batches.filter((batch) => batch.state === state).length
  const results = one.batches.flatMap((batch) => batch.results)
  return {
    '@xmlns': NAMESPACE,
    id: one.id,
    operation: one.operation,
    object: one.object,
    createdById: one.caller.userId,
    createdDate: iso(one.createdAt),
    systemModstamp: iso(one.changedAt),
    state: one.state,
    externalIdFieldName: one.externalIdFieldName,
    concurrencyMode: 'Parallel',
    contentType: 'CSV',
    numberBatchesQueued: count('Queued'),
    numberBatchesInProgress: count('InProgress'),
    numberBatchesCompleted: count('JobComplete'),
    numberBatchesFailed: count('Failed'),
    numberBatchesTotal: one.batches.length,
    numberRecordsProcessed: results.length,
    numberRetries: 0,
    apiVersion: one.caller.version,
    numberRecordsFailed: results.filter(({ error }) => error !== undefined).length,
  }
}

const STATES: Record<string, string> = { JobComplete: 'Completed', Aborted: 'NotProcessed' }

function batchXml(batch: Batch, named = true): Record<string, unknown> {
  return {
    ...(named ? { '@xmlns': NAMESPACE } : {}),
    id: batch.id,
    jobId: batch.jobId,
    state: STATES[batch.state] ?? batch.state,
    stateMessage: batch.errorMessage,
    createdDate: iso(batch.createdAt),
    systemModstamp: iso(batch.changedAt),
    numberRecordsProcessed: batch.query?.rows.length ?? batch.results.length,
    numberRecordsFailed: batch.results.filter(({ error }) => error !== undefined).length,
  }
}

function jobInfoOf(req: Request) {
  const info = child(parseXml(bodyText(req.body)), 'jobInfo')
  return (name: string): string => text(info, name) ?? ''
}

function openJob({ org, caller, jobs, req, res }: BatchCall): void {
  const given = jobInfoOf(req)
  const order = {
    operation: given('operation'),
    object: given('object'),
    contentType: given('contentType') || 'XML',
    externalIdFieldName: given('externalIdFieldName'),
  }
  res.status(201)
  sendXml(res, { jobInfo: jobXml(jobs.open(org, caller, order)) })
}

function showJob({ caller, jobs, res }: BatchCall, jobId: string): void {
  sendXml(res, { jobInfo: jobXml(jobs.find(caller, jobId)) })
}

function changeJob({ caller, jobs, req, res }: BatchCall, jobId: string): void {
  const found = jobs.find(caller, jobId)
  jobs.change(found, jobInfoOf(req)('state'))
  sendXml(res, { jobInfo: jobXml(found) })
}

function listBatches({ caller, jobs, res }: BatchCall, jobId: string): void {
  const batchInfo = jobs.find(caller, jobId).batches.map((batch) => batchXml(batch, false))
  sendXml(res, { batchInfoList: { '@xmlns': NAMESPACE, batchInfo } })
}

function addBatch({ org, caller, jobs, req, res }: BatchCall, jobId: string): void {
  const found = jobs.find(caller, jobId)
  const body = bodyText(req.body)
  // An org does not take in a batch of nothing, where it takes in one it cannot read and fails it later.
  if (body.trim() === '') throw new BatchError('ClientInputError', 'Failed to read request. The request body is empty')
  const batch = jobs.add(org, found, body)
  res.status(201)
  sendXml(res, { batchInfo: batchXml(batch) })
}

function showBatch({ caller, jobs, res }: BatchCall, jobId: string, batchId: string): void {
  sendXml(res, { batchInfo: batchXml(jobs.batch(jobs.find(caller, jobId), batchId)) })
}

function finished({ caller, jobs }: BatchCall, jobId: string, batchId: string): Batch {
  const batch = jobs.batch(jobs.find(caller, jobId), batchId)
  if (!isDone(batch)) throw new BatchError('InvalidBatch', 'Batch not completed')
  return batch
}

function showResults(call: BatchCall, jobId: string, batchId: string): void {
  const { query, resultId, results } = finished(call, jobId, batchId)
  if (query) return sendXml(call.res, { 'result-list': { '@xmlns': NAMESPACE, result: resultId } })
  const rows = results.map(({ id, created, error }) => [id, String(error === undefined), String(created), error ?? ''])
  sendCsv(call.res, [['Id', 'Success', 'Created', 'Error'], ...rows])
}

function showQueryResult(call: BatchCall, jobId: string, batchId: string, resultId: string): void {
  const { query, resultId: own } = finished(call, jobId, batchId)
  if (!query || resultId !== own) throw new BatchError('InvalidBatch', `Invalid result id: ${resultId}`)
  sendCsv(call.res, [query.columns, ...query.rows])
}
