// The pages a person sees on the way to a token: sign in, then allow or deny, then back to the client.

import { createHmac } from 'node:crypto'
import { Router, type Request, type Response } from 'express'
import type { User } from '../../org/org.ts'
import { readBody } from '../../wire/http/body.ts'
import { isSecure } from '../../wire/http/own-url.ts'
import type { AuthorizeRequest } from './authorizations.ts'
import { answerUrl, isImmediate, readAuthorizeRequest, RefusedAtClient, refusalUrl } from './authorize-request.ts'
import { decideDevice, deviceRouter } from './device-router.ts'
import { formOf } from './form.ts'
import { approvalForm, loginForm, sendPage } from './login-page.ts'
import { OAuthError, oauthRefusal } from '../../wire/sessions/oauth-error.ts'
import type { OAuthDoor } from './oauth-door.ts'
import { bringsRefresh, withoutRefresh } from '../../wire/sessions/scopes.ts'
import { tokenAnswer } from './token-answer.ts'
import { checkApproval, userByPassword } from './token.ts'

const APPROVAL_PATH = '/setup/secur/RemoteAccessAuthorizationPage.apexp'
const FORM_BYTES = 16_384
const COOKIE = 'sid'
const WRONG =
  "Please check your username and password. If you still can't log in, contact your Salesforce administrator."

/** Expects bodies as bytes (`readBody`), but for those of `/`, which it reads itself. */
export function loginRouter(door: OAuthDoor): Router {
  const router = Router()
  const { formSecret } = door.authorizations
  const pages = { door, proofOf: (text: string) => createHmac('sha256', formSecret).update(text).digest('base64url') }
  router.all('/services/oauth2/authorize', (req, res) => attempt(res, () => authorize(req, res, pages)))
  router.get('/', (req, res, next) => ('ec' in req.query ? showLogin(req, res, door) : next()))
  router.post('/', readBody(FORM_BYTES), (req, res) => attempt(res, () => login(req, res, door)))
  router.get(APPROVAL_PATH, (req, res) => attempt(res, () => showApproval(req, res, pages)))
  router.post(APPROVAL_PATH, (req, res) => attempt(res, () => decide(req, res, pages)))
  router.use(deviceRouter(door, approvalUrl))
  return router
}

interface Pages {
  door: OAuthDoor
  /** Ties a form to the browser session it was shown in. */
  proofOf: (text: string) => string
}

/** What the person must see is a form-encoded line, as an org shows it; what the client must hear goes to its URI. */
async function attempt(res: Response, work: () => Promise<void> | void): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (error instanceof RefusedAtClient) return res.redirect(error.location)
    if (!(error instanceof OAuthError)) throw error
    const line = `error=${error.error}&error_description=${encodeURIComponent(error.message)}`
    res.status(error.status).type('text/plain').end(line)
  }
}

async function authorize(req: Request, res: Response, pages: Pages): Promise<void> {
  if (!['GET', 'POST'].includes(req.method)) throw oauthRefusal.method('GET')
  const { authorizations, clients } = pages.door
  const form = formOf(req)
  const request = readAuthorizeRequest(form, clients())
  const user = request.prompt.includes('login') ? undefined : browserUser(req, pages.door)
  const isApproved = user && !request.prompt.includes('consent') && isKnownTo(user, request, pages.door)
  if (user && isApproved) return sendBack(req, res, request, user, pages.door)
  if (isImmediate(form)) throw new RefusedAtClient(refusalUrl(request, oauthRefusal.notImmediate()))
  const next = approvalUrl(authorizations.ask(request))
  res.redirect(user ? next : loginUrl(next))
}

function approvalUrl(source: string): string {
  return `${APPROVAL_PATH}?source=${source}`
}

function loginUrl(next: string): string {
  return `/?ec=302&startURL=${encodeURIComponent(next)}`
}

function showLogin(req: Request, res: Response, door: OAuthDoor): void {
  const startUrl = String(req.query['startURL'] ?? '')
  const request = requestOf(startUrl, door)
  if (!request) return sendExpired(res)
  sendPage(res, 200, 'Log In', loginForm(startUrl, request.loginHint ?? ''), request.redirectUri)
}

async function login(req: Request, res: Response, door: OAuthDoor): Promise<void> {
  refuseForeignPage(req, door)
  const form = formOf(req)
  const startUrl = form.get('startURL') ?? ''
  const request = requestOf(startUrl, door)
  if (!request) return sendExpired(res)
  const username = form.get('username') ?? ''
  try {
    const user = userByPassword(door.org, username, form.get('pw') ?? '', door.password)
    door.loginRate.add(user.id)
    const attributes = `Path=/; HttpOnly; SameSite=Lax${isSecure(req) ? '; Secure' : ''}`
    res.set('Set-Cookie', `${COOKIE}=${door.authorizations.signIn(user.id)}; ${attributes}`)
    res.redirect(303, startUrl)
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error
    sendPage(res, 200, 'Log In', loginForm(startUrl, username, WRONG), request.redirectUri)
  }
}

async function showApproval(req: Request, res: Response, { door, proofOf }: Pages): Promise<void> {
  const found = waiting(req, door)
  if (!found) return sendExpired(res)
  const { source, request } = found
  const user = browserUser(req, door)
  if (!user) return res.redirect(loginUrl(req.originalUrl))
  const client = door.clients().get(request.clientId)
  if (!client) throw oauthRefusal.unknownClient()
  orTell(request, () => checkApproval(client, user))
  if (!request.userCode && !request.prompt.includes('consent') && isKnownTo(user, request, door)) {
    door.authorizations.decided(source)
    return sendBack(req, res, request, user, door)
  }
  const proof = proofOf(`${cookieOf(req)} ${source}`)
  sendPage(res, 200, 'Allow Access?', approvalForm(request, client, source, proof), request.redirectUri)
}

async function decide(req: Request, res: Response, { door, proofOf }: Pages): Promise<void> {
  refuseForeignPage(req, door)
  const found = waiting(req, door)
  const user = browserUser(req, door)
  if (!found || !user) return sendExpired(res)
  const { source, request } = found
  const form = formOf(req)
  if (form.get('confirmation') !== proofOf(`${cookieOf(req)} ${source}`)) return sendExpired(res)
  door.authorizations.decided(source)
  const isAllowed = form.has('save')
  if (request.userCode && !isAllowed) return decideDevice(res, door, request.userCode, null)
  if (!isAllowed) throw new RefusedAtClient(refusalUrl(request, oauthRefusal.denied()))
  const client = door.clients().get(request.clientId)
  if (!client) throw oauthRefusal.unknownClient()
  orTell(request, () => checkApproval(client, user))
  door.authorizations.approve(request.clientId, user.id, request.scopes)
  if (request.userCode) return decideDevice(res, door, request.userCode, user.id)
  await sendBack(req, res, request, user, door)
}

/** The browser goes back to the client with a code, or in the user-agent flow with the token itself. */
async function sendBack(req: Request, res: Response, request: AuthorizeRequest, user: User, door: OAuthDoor) {
  const { authorizations, sessions } = door
  const { clientId, redirectUri, scopes, challenge, nonce } = request
  const extra = nonce ? { nonce } : {}
  if (request.responseType === 'code') {
    const grant = { clientId, redirectUri, userId: user.id, scopes, ...(challenge ? { challenge } : {}), ...extra }
    return res.redirect(answerUrl(request, { code: authorizations.giveCode(grant) }))
  }
  const client = door.clients().get(clientId)
  if (!client) throw oauthRefusal.unknownClient()
  const given = request.responseType === 'token' ? scopes.filter((scope) => scope !== 'openid') : scopes
  const who = { userId: user.id, clientId, scope: given.join(' ') }
  const refresh = bringsRefresh(given) ? { newRefreshToken: sessions.openRefresh(who) } : {}
  const granted = { user, client, scopes: given, ...refresh, isPerson: true, ...extra }
  const context = { ...door, instanceUrl: door.instanceUrl(req), nowMs: door.now() }
  res.redirect(answerUrl(request, await tokenAnswer(granted, context)))
}

function orTell(request: AuthorizeRequest, check: () => void): void {
  try {
    check()
  } catch (error) {
    // A device is told by nobody's browser: the person sees why.
    if (!(error instanceof OAuthError) || request.userCode) throw error
    throw new RefusedAtClient(refusalUrl(request, error))
  }
}

/** Only an approval that the same person gave in full spares the question. */
function isKnownTo(user: User, request: AuthorizeRequest, door: OAuthDoor): boolean {
  const asked = withoutRefresh(request.scopes)
  return door.authorizations.isApproved(
    request.clientId,
    user.id,
    bringsRefresh(request.scopes) ? request.scopes : asked,
  )
}

function waiting(req: Request, door: OAuthDoor): { source: string; request: AuthorizeRequest } | undefined {
  const source = String(req.query['source'] ?? '')
  const request = door.authorizations.asked(source)
  return request && { source, request }
}

/** The request a login leads to; anything else than the approval page is no place to send a person. */
function requestOf(startUrl: string, door: OAuthDoor): AuthorizeRequest | undefined {
  const [path, query] = startUrl.split('?')
  if (path !== APPROVAL_PATH) return undefined
  return door.authorizations.asked(new URLSearchParams(query).get('source') ?? '')
}

function sendExpired(res: Response): void {
  sendPage(res, 400, 'This request is no longer good', '<p>Go back to the app and start again.</p>')
}

function browserUser(req: Request, door: OAuthDoor): User | undefined {
  const found = door.authorizations.signedIn(cookieOf(req))
  const user = found && door.org.user(found.userId)
  return user?.isActive ? user : undefined
}

function cookieOf(req: Request): string {
  const [, value = ''] = new RegExp(`(?:^|;\\s*)${COOKIE}=([^;]*)`).exec(req.headers.cookie ?? '') ?? []
  return value
}

/** A page of another site must not sign a person in or decide in their name. */
function refuseForeignPage(req: Request, door: OAuthDoor): void {
  const { origin } = req.headers
  if (origin === undefined || origin.toLowerCase() === door.instanceUrl(req).toLowerCase()) return
  throw oauthRefusal.badParameter('origin')
}
