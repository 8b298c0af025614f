// The HTTP side of the practice org: which door answers which path, and what happens to everything else.

import express, { type ErrorRequestHandler, type RequestHandler, type Router } from 'express'
import { apexRouter, type Apex } from './apex/apex-router.ts'
import { injectFaults, orgFor } from './doors/practice/inject.ts'
import { practiceRouter, type PracticeDoor } from './doors/practice/practice-router.ts'
import { OrgError } from './org/org.ts'
import type { BatchJobs } from './doors/bulk/batches/batch-jobs.ts'
import { batchRouter } from './doors/bulk/batch-router.ts'
import { bulkRouter } from './doors/bulk/router.ts'
import type { BulkJobs } from './doors/bulk/jobs/jobs.ts'
import { oauthRouter } from './doors/oauth/oauth-router.ts'
import type { OAuthDoor } from './doors/oauth/oauth-door.ts'
import type { Topics } from './topics/topics.ts'
import type { Notification } from './doors/rest/request/notification.ts'
import { apexRestRouter } from './doors/rest/apex-rest.ts'
import type { StreamingUse } from './doors/rest/request/request.ts'
import { restRouter } from './doors/rest/router.ts'
import { sendSoapFault, soapRouter } from './doors/soap/router.ts'
import { readBody } from './wire/http/body.ts'
import { cors } from './wire/http/cors.ts'
import { refusal, sendError } from './wire/http/errors.ts'
import { gzipWhenAsked } from './wire/http/gzip.ts'
import { collapseSlashes, orgHeaders } from './wire/http/headers.ts'
import { loopbackOnly, ownHostOnly } from './wire/http/loopback.ts'
import { refuseTooLong } from './wire/http/too-long.ts'
import { measureBusy } from './wire/http/usage.ts'

export interface AppDoors extends OAuthDoor, Omit<PracticeDoor, 'notified'> {
  apex: Apex
  topics: Topics
  startedAt: number
  jobs: BulkJobs
  batchJobs: BatchJobs
  comet: Router
  streaming: () => StreamingUse
  publicKeyPem: string
  sessionSeconds: number
  /** Origins of foreign pages that may call the API. */
  origins: () => string[]
  onError: (error: unknown) => void
}

const API_BODY_BYTES = 12 * 1024 * 1024
/** A bulk upload may be far larger than any other call: 150 MB, measured as base64. */
const UPLOAD_BODY_BYTES = (150 * 1024 * 1024 * 3) / 4
const PRACTICE_BODY_BYTES = 1024 * 1024

/** Everything but the page and the last resort, which `finishApp` adds. */
export function buildApp(doors: AppDoors): express.Express {
  const app = express()
  app.disable('x-powered-by').disable('etag').set('query parser', 'simple')
  app.use(ownHostOnly, refuseTooLong, collapseSlashes, gzipWhenAsked)
  app.use(['/services/data', '/services/async'], orgHeaders, cors(doors.origins))
  app.use(['/services/data/:version/jobs', '/services/async'], readBody(UPLOAD_BODY_BYTES))
  app.use(
    ['/services', '/id', '/cometd', '/setup', '/.well-known'],
    orgHeaders,
    readBody(API_BODY_BYTES),
    injectFaults(doors.faults, doors.sessions),
  )
  app.use('/services', measureBusy(doors.usage))
  app.use(oauthRouter(doors))
  const notified: Notification[] = []
  const org = { ...doors, notified, orgFor: orgFor(doors.org) }
  app.use(soapRouter(org))
  app.use(bulkRouter(org))
  app.use(batchRouter(org))
  app.use(doors.comet)
  app.use(restRouter(org), apexRestRouter(org))
  app.use('/practice', loopbackOnly, orgHeaders, readBody(PRACTICE_BODY_BYTES))
  app.get('/practice/key', (_req, res) => void res.type('application/x-pem-file').end(doors.publicKeyPem))
  app.use('/practice/apex', apexRouter(doors.apex, doors.sessions))
  app.use('/practice', practiceRouter({ ...doors, notified }))
  return app
}

/** What remains: unknown paths and failures. */
export function finishApp(app: express.Express, onError: (error: unknown) => void): void {
  app.use(unknownPath)
  app.use(lastResort(onError))
}

const unknownPath: RequestHandler = (_req, res) => sendError(res, refusal.notFound().body)

function lastResort(onError: (error: unknown) => void): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    if (res.headersSent) return next(error)
    const refused = clientError(error)
    if (!refused) onError(error)
    const answer = refused ?? refusal.unexpected()
    if (req.originalUrl.startsWith('/services/Soap/')) sendSoapFault(res, answer)
    else sendError(res, answer.body)
  }
}

/** Failures of body reading and URL decoding are the caller's: they carry a 4xx status. */
function clientError(error: unknown): OrgError | undefined {
  if (error instanceof OrgError) return error
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return undefined
  if (error.status === 413) return refusal.tooLarge()
  if (error.status === 415) return refusal.mediaType()
  return error.status >= 400 && error.status < 500 ? refusal.badInput(error.message) : undefined
}
