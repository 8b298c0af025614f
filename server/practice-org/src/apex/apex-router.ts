// The door of what stands in for Apex classes, which cannot run outside an org.

import { Router, type Request, type Response } from 'express'
import { OrgError } from '../org/org.ts'
import { bodyText, parseJson } from '../wire/http/body.ts'
import { sendError, sendJson } from '../wire/http/errors.ts'
import { signedIn } from '../wire/sessions/bearer.ts'
import type { Sessions } from '../wire/sessions/sessions.ts'
import { AuraHandledException, type ApexContext, type ApexMethod } from '../content/apex.ts'

export interface Apex {
  context: ApexContext
  /** By `Class.method`. */
  methods: ReadonlyMap<string, ApexMethod>
}

/** Mount under `/practice/apex`, on loopback only, with bodies as bytes. Calls run as the token's user. */
export function apexRouter(apex: Apex, sessions: Sessions): Router {
  const router = Router()
  router.post('/:method', async (req, res) => {
    try {
      sendJson(res, await call(req, apex, sessions))
    } catch (error) {
      refuse(res, error)
    }
  })
  return router
}

async function call(req: Request, { context, methods }: Apex, sessions: Sessions): Promise<unknown> {
  const { org } = context
  const { user } = signedIn(req.headers, sessions, org)
  const name = String(req.params['method'])
  const method = methods.get(name)
  if (!method) throw new AuraHandledException(`No Apex action available for ${name}`, 404)
  const className = name.split('.')[0] ?? ''
  if (!user.apexClasses.includes(className) && !org.systemPermission(user.id, 'AuthorApex')) {
    throw new AuraHandledException(`You do not have access to the Apex class named '${className}'.`)
  }
  return method(user, parseJson(bodyText(req.body)) ?? {}, context)
}

function refuse(res: Response, error: unknown): void {
  if (error instanceof OrgError) return sendError(res, error.body)
  if (!(error instanceof AuraHandledException)) throw error
  res.status(error.status)
  sendJson(res, { message: error.message, exceptionType: error.exceptionType })
}
