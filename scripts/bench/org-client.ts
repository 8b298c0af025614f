import type { Call } from './http-rate.ts'

const VERSION = 'v66.0'

export interface QueryAnswer {
  totalSize: number
  done: boolean
  nextRecordsUrl?: string
  records: Record<string, unknown>[]
}

/** One person's calls to an org. */
export interface OrgClient {
  headers: Record<string, string>
  token: string
  query(soql: string): Call
  search(sosl: string): Call
  page(path: string): Call
  post(path: string, body: unknown): Call
  /** Makes the call. Throws Error when an answer is no success. */
  ask<T = QueryAnswer>(call: Call): Promise<T>
}

export async function logIn(url: string, login: string): Promise<OrgClient> {
  const body = new URLSearchParams({
    grant_type: 'password',
    client_id: 'practice',
    client_secret: 'practice',
    username: `${login}@practice.example`,
    password: 'practice',
  })
  const response = await fetch(`${url}/services/oauth2/token`, { method: 'POST', body })
  const token = String(((await response.json()) as { access_token: string }).access_token)
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
  const data = `${url}/services/data/${VERSION}`
  return {
    headers,
    token,
    query: (soql) => ({ url: `${data}/query?q=${encodeURIComponent(soql)}`, headers }),
    search: (sosl) => ({ url: `${data}/search?q=${encodeURIComponent(sosl)}`, headers }),
    page: (path) => ({ url: `${url}${path}`, headers }),
    post: (path, value) => ({ url: `${data}${path}`, method: 'POST', headers, body: JSON.stringify(value) }),
    ask: answerTo,
  }
}

async function answerTo<T>({ url, ...init }: Call): Promise<T> {
  const answer = await fetch(url, init)
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${text}`)
  return JSON.parse(text) as T
}
