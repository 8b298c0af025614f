import type { AuthorizeRequest } from './authorizations.ts'
import { isRegistered, type OAuthClient } from './clients.ts'
import { OAuthError, oauthRefusal } from '../../wire/sessions/oauth-error.ts'
import { grantedScopes } from '../../wire/sessions/scopes.ts'
import { required, type Form } from './form.ts'

/** A refusal that is told to the client, by way of the browser: where it may be sent is known to be the client's. */
export class RefusedAtClient extends Error {
  readonly location: string
  constructor(location: string) {
    super('refused, and told at the redirect URI')
    this.name = 'RefusedAtClient'
    this.location = location
  }
}

const RESPONSE_TYPES = ['code', 'token', 'token id_token'] as const
const S256 = /^[\w-]{43}$/

/**
 * Checks the parameters of `/services/oauth2/authorize`.
 * Throws OAuthError as long as the redirect URI is not known to be the client's; an org shows it to the person.
 * Throws RefusedAtClient afterwards.
 */
export function readAuthorizeRequest(form: Form, clients: Map<string, OAuthClient>): AuthorizeRequest {
  const client = clients.get(required(form, 'client_id'))
  if (!client) throw oauthRefusal.unknownClient()
  const redirectUri = form.get('redirect_uri')
  if (!redirectUri) throw oauthRefusal.noRedirectUri()
  if (!isRegistered(client, redirectUri)) throw oauthRefusal.badRedirectUri()
  const challenge = form.get('code_challenge')
  const responseType = RESPONSE_TYPES.find((type) => type === form.get('response_type'))
  // An org shows this one to the person too, though it could be told to the client.
  if (client.requirePkce && !challenge && responseType === 'code') throw oauthRefusal.noChallenge()
  const state = form.get('state')
  const [nonce, loginHint] = [form.get('nonce'), form.get('login_hint')]
  try {
    if (!responseType) throw oauthRefusal.responseType()
    checkChallenge(challenge, form.get('code_challenge_method'))
    const scopes = grantedScopes(client.scopes, form.get('scope'))
    const request: AuthorizeRequest = { clientId: client.id, redirectUri, responseType, scopes, prompt: prompts(form) }
    return {
      ...request,
      ...(state === undefined ? {} : { state }),
      ...(challenge ? { challenge } : {}),
      ...(nonce ? { nonce } : {}),
      ...(loginHint ? { loginHint } : {}),
    }
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error
    throw new RefusedAtClient(refusalUrl({ redirectUri, responseType: responseType ?? 'code', state }, error))
  }
}

/** Nobody may be asked: the client wants an answer at once, or none. */
export function isImmediate(form: Form): boolean {
  return form.get('immediate') === 'true' || form.get('prompt') === 'none'
}

function prompts(form: Form): AuthorizeRequest['prompt'] {
  const asked = (form.get('prompt') ?? '').split(/\s+/).filter(Boolean)
  if (!asked.every((one) => /^(login|consent|none|select_account)$/.test(one)))
    throw oauthRefusal.badParameter('prompt')
  return (['login', 'consent'] as const).filter((one) => asked.includes(one))
}

function checkChallenge(challenge: string | undefined, method: string | undefined): void {
  if (method !== undefined && method !== 'S256') throw oauthRefusal.badParameter('code_challenge_method')
  if (challenge && !S256.test(challenge)) throw oauthRefusal.badParameter('code_challenge')
}

type Place = { redirectUri: string; responseType: AuthorizeRequest['responseType']; state?: string | undefined }

/** The redirect URI with an answer: in the query for a code, in the fragment for a token. */
export function answerUrl({ redirectUri, responseType, state }: Place, answer: Record<string, string>): string {
  const fields = new URLSearchParams({ ...answer, ...(state === undefined ? {} : { state }) }).toString()
  if (responseType !== 'code') return `${redirectUri}#${fields}`
  return `${redirectUri}${redirectUri.includes('?') ? '&' : '?'}${fields}`
}

export function refusalUrl(place: Place, error: OAuthError): string {
  return answerUrl(place, { error: error.error, error_description: error.message })
}
