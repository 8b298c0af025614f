// Stands in for the Apex classes of force-app, which cannot run outside an org: same methods, same answers.

import { Router, type Request, type Response } from 'express'
import { OrgError } from '../org/org.ts'
import { bodyText, parseJson } from '../wire/http/body.ts'
import { sendError, sendJson } from '../wire/http/errors.ts'
import { signedIn } from '../wire/sessions/bearer.ts'
import type { Sessions } from '../wire/sessions/sessions.ts'
import { AuraHandledException } from './aura-exception.ts'
import { apexMethods, type ApexContext } from './mission-session.ts'

/** Mount under `/practice/apex`, on loopback only, with bodies as bytes. Calls run as the token's user. */
export function apexRouter(context: ApexContext, sessions: Sessions): Router {
  const router = Router()
  router.post('/:method', async (req, res) => {
    try {
      sendJson(res, await call(req, context, sessions))
    } catch (error) {
      refuse(res, error)
    }
  })
  return router
}

async function call(req: Request, context: ApexContext, sessions: Sessions): Promise<unknown> {
  const { user } = signedIn(req.headers, sessions, context.org)
  const name = String(req.params['method'])
  const method = apexMethods.get(name)
  if (!method) throw new AuraHandledException(`No Apex action available for ${name}`, 404)
  return method(user, parseJson(bodyText(req.body)) ?? {}, context)
}

function refuse(res: Response, error: unknown): void {
  if (error instanceof OrgError) return sendError(res, error.body)
  if (!(error instanceof AuraHandledException)) throw error
  res.status(error.status)
  sendJson(res, { message: error.message, exceptionType: error.exceptionType })
}
