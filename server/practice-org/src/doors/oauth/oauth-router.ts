// OAuth 2.0 and OpenID as an org speaks them: authorize, token, revoke, introspect, userinfo and the identity URL.

import type { OAuthDoor } from './oauth-door.ts'
import { Router, type Request, type Response } from 'express'

import { sendJson } from '../../wire/http/errors.ts'
import { isLoginHost } from '../../wire/http/own-url.ts'

import { openIdConfiguration } from './discovery.ts'
import { formOf, required } from './form.ts'

import { introspect } from './introspect.ts'

import { loginRouter } from './login-router.ts'
import { OAuthError, oauthRefusal } from '../../wire/sessions/oauth-error.ts'
import { startDevice } from './device-flow.ts'
import { sendScript, callbackOf } from './jsonp.ts'
import { identityPage, userInfoPage } from './person.ts'

import { tokenAnswer } from './token-answer.ts'
import { grantToken } from './token.ts'

/** Expects bodies as bytes (`readBody`). */
export function oauthRouter(door: OAuthDoor): Router {
  const router = Router()
  const oauth = '/services/oauth2'
  router.all(
    `${oauth}/token`,
    answer((req) => token(req, door)),
  )
  router.all(`${oauth}/revoke`, (req, res) => revokeFor(req, res, door))
  router.all(
    `${oauth}/introspect`,
    answer((req) => introspect(posted(req), req, door)),
  )
  router.all(`${oauth}/userinfo`, (req, res) => userInfoPage(req, res, door))
  router.get('/.well-known/openid-configuration', (req, res) => {
    sendJson(res, openIdConfiguration(door.instanceUrl(req)))
  })
  router.get('/id/keys', async (_req, res) => sendJson(res, await door.idTokens.keys()))
  router.all('/id/:orgId/:userId', (req, res) => identityPage(req, res, door))
  router.use(loginRouter(door))
  return router
}

function answer(work: (req: Request) => unknown) {
  return async (req: Request, res: Response): Promise<void> => {
    try {
      const body = await work(req)
      if (body === undefined) res.status(200).end()
      else sendJson(res, body)
    } catch (error) {
      if (!(error instanceof OAuthError)) throw error
      res.status(error.status)
      sendJson(res, { error: error.error, error_description: error.message })
    }
  }
}

/** Throws OAuthError invalid_request unless it is a POST. */
function posted(req: Request): Map<string, string> {
  if (req.method !== 'POST') throw oauthRefusal.method('POST')
  return formOf(req)
}

async function token(req: Request, door: OAuthDoor): Promise<unknown> {
  const instanceUrl = door.instanceUrl(req)
  const nowMs = door.now()
  const context = { ...door, nowMs, clients: door.clients() }
  const onLoginHost = isLoginHost(req)
  const form = posted(req)
  const at = { ...context, onLoginHost, ownUrls: namesOf(instanceUrl) }
  if (form.get('response_type') === 'device_code') return startDevice(form, at, instanceUrl)
  const granted = await grantToken(form, at)
  return tokenAnswer(granted, { ...context, instanceUrl })
}

/** Every way to write this org's address. */
function namesOf(url: string): string[] {
  const { port } = new URL(url)
  const hosts = ['localhost', '127.0.0.1'].map((host) => (port ? `${host}:${port}` : host))
  return ['http', 'https'].flatMap((scheme) => hosts.map((host) => `${scheme}://${host}`))
}

/** A page that names a callback gets a script that runs it, whether the token was revoked or not. */
async function revokeFor(req: Request, res: Response, door: OAuthDoor): Promise<void> {
  const callback = callbackOf(formOf(req))
  if (callback === undefined) return answer(() => revoke(req, door))(req, res)
  try {
    revoke(req, door)
    sendScript(res, callback, {})
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error
    sendScript(res, callback, { error: error.error, error_description: error.message })
  }
}

/** GET is taken as well as POST, as in an org. */
function revoke(req: Request, door: OAuthDoor): undefined {
  const value = required(formOf(req), 'token')
  if (!door.sessions.revoke(value)) throw oauthRefusal.badToken(value)
}
