import type { Request } from 'express'
import { oauthRefusal } from '../../wire/sessions/oauth-error.ts'

export type Form = Map<string, string>

/** Form fields (the query string counts too, as in an org), with a Basic header's client merged in. */
export function formOf(req: Request): Form {
  const text = Buffer.isBuffer(req.body) ? req.body.toString('utf8') : ''
  const query = req.url.split('?').slice(1).join('?')
  const form = new Map([...new URLSearchParams(query), ...new URLSearchParams(text)])
  const [, basic] = /^Basic\s+(\S+)/i.exec(req.headers.authorization ?? '') ?? []
  if (basic) {
    const [id = '', secret = ''] = Buffer.from(basic, 'base64').toString('utf8').split(':', 2).map(decodeSafely)
    form.set('client_id', id).set('client_secret', secret)
  }
  return form
}

function decodeSafely(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Throws OAuthError invalid_request. */
export function required(form: Form, name: string): string {
  const value = form.get(name)
  if (!value) throw oauthRefusal.missing(name)
  return value
}
