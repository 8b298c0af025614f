// The page on which a person enters the code of a device.

import { Router, type Request, type Response } from 'express'
import type { AuthorizeRequest } from './authorizations.ts'
import { CONNECT_PATH } from './device-flow.ts'
import { formOf } from './form.ts'
import { deviceForm, sendPage } from './login-page.ts'
import type { OAuthDoor } from './oauth-door.ts'

/** @param approvalUrl where a person decides on a request that was kept under a source */
export function deviceRouter(door: OAuthDoor, approvalUrl: (source: string) => string): Router {
  const router = Router()
  router.get(CONNECT_PATH, (req, res) => {
    sendPage(res, 200, 'Connect Your Device', deviceForm(CONNECT_PATH, String(req.query['user_code'] ?? '')))
  })
  router.post(CONNECT_PATH, (req, res) => enter(req, res, door, approvalUrl))
  return router
}

function enter(req: Request, res: Response, door: OAuthDoor, approvalUrl: (source: string) => string): void {
  const typed = formOf(req).get('user_code') ?? ''
  const found = door.authorizations.devices.waiting(typed)
  if (!found) {
    const wrong = 'The code is not valid, or no longer. Check it, or have your device show another one.'
    return sendPage(res, 200, 'Connect Your Device', deviceForm(CONNECT_PATH, typed, wrong))
  }
  const { userCode, grant } = found
  const { clientId, scopes } = grant
  const request: AuthorizeRequest = { clientId, redirectUri: '', responseType: 'code', scopes, prompt: [], userCode }
  res.redirect(303, approvalUrl(door.authorizations.ask(request)))
}

/** Keeps what a person decided for a device, and tells him; a device hears of it when it asks. */
export function decideDevice(res: Response, door: OAuthDoor, userCode: string, userId: string | null): void {
  const { devices } = door.authorizations
  if (!devices.waiting(userCode)) {
    return sendPage(res, 400, 'This request is no longer good', '<p>Have your device show another code.</p>')
  }
  if (userId === null) devices.decide(userCode, { decision: 'denied' })
  else devices.decide(userCode, { decision: 'allowed', userId })
  const [title, text] =
    userId === null ? ['Access Denied', 'It was not connected.'] : ["You're Connected", 'It goes on by itself.']
  sendPage(res, 200, title, `<p>You can go back to your device. ${text}</p>`)
}
