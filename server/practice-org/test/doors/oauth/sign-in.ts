// An org with a client for each way a client can be, and a browser that follows its login pages.
import type { PracticeOrg, PracticeOrgOptions } from '../../../src/compose.ts'
import type { OAuthClientInput } from '../../../src/doors/oauth/clients.ts'
import { READER, readerKey, REP, startOrg } from '../../support/running-org.ts'

const secret = 'secret'
export const CALLBACK = 'https://app.example/callback'

const CLIENTS: OAuthClientInput[] = [
  { id: 'reader-app', publicKeyPem: readerKey.publicKeyPem, users: [READER] },
  {
    id: 'by-admin',
    secret,
    publicKeyPem: readerKey.publicKeyPem,
    users: [READER],
    approval: 'admin',
    redirectUris: [CALLBACK],
  },
  { id: 'ghosts', publicKeyPem: readerKey.publicKeyPem, users: [REP, 'ghost@practice.example'] },
  { id: 'no-run-as', secret },
  { id: 'lost-run-as', secret, runAs: 'nobody@practice.example' },
  { id: 'full-only', secret, runAs: READER, scopes: ['full', 'refresh_token'] },
  { id: 'web', secret, redirectUris: [CALLBACK, 'myapp://done', `${CALLBACK}?tenant=1`] },
  { id: 'strict', redirectUris: [CALLBACK], requirePkce: true },
  { id: 'who-only', secret, scopes: ['id', 'openid'], runAs: READER },
  { id: 'auditor', secret, introspectAll: true },
]

export function oauthOrg(options: Partial<PracticeOrgOptions> = {}): Promise<PracticeOrg> {
  return startOrg({ clients: CLIENTS, ...options })
}

/** A browser without scripts: keeps cookies, follows redirects of the org, stops at the client's address. */
export class Browser {
  /** Where the org is reached; another address after it was started anew. */
  org: string
  private cookie = ''
  /** Where it is. */
  url = ''
  page = ''
  status = 0
  headers = new Headers()

  constructor(org: string) {
    this.org = org
  }

  async open(path: string, init: RequestInit = {}): Promise<this> {
    const headers = { ...(this.cookie ? { cookie: this.cookie } : {}), ...init.headers }
    const response = await fetch(new URL(path, this.org), { ...init, headers, redirect: 'manual' })
    const [cookie] = response.headers.getSetCookie()
    if (cookie) this.cookie = cookie.split(';')[0] ?? ''
    const location = response.headers.get('location')
    this.url = location ?? path
    this.status = response.status
    this.headers = response.headers
    this.page = await response.text()
    return location !== null && location.startsWith('/') ? this.open(location) : this
  }

  /** Opens the page where a person is asked. */
  authorize(fields: Record<string, string>): Promise<this> {
    return this.open(`/services/oauth2/authorize?${new URLSearchParams(fields).toString()}`)
  }

  /** Sends the form of this page as a browser would, with what the person typed and pressed. */
  submit(typed: Record<string, string>, headers: Record<string, string> = {}): Promise<this> {
    const hidden = [...this.page.matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)]
    const kept = hidden.map(([, name = '', value = '']) => [name, unescaped(value)])
    const action = /<form[^>]* action="([^"]*)"/.exec(this.page)?.[1] ?? ''
    const path = action.startsWith('?') ? `${this.url.split('?')[0]}${unescaped(action)}` : action
    const body = new URLSearchParams({ ...(Object.fromEntries(kept) as Record<string, string>), ...typed })
    return this.open(path, { method: 'POST', body, headers: { origin: this.org, ...headers } })
  }

  logIn(username: string, pw = 'practice'): Promise<this> {
    return this.submit({ username, pw, Login: 'Log In' })
  }

  allow(): Promise<this> {
    return this.submit({ save: 'Allow' })
  }

  /** What the client was told: by its query, or by its fragment. */
  get answer(): Record<string, string> {
    const [, told = ''] = /[#?](.*)$/.exec(this.url.replace('?tenant=1&', '?')) ?? []
    return Object.fromEntries(new URLSearchParams(told))
  }
}

function unescaped(text: string): string {
  return text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
}
