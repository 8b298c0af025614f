// `@salesforce/apex/Class.method` outside an org: the practice org runs a stand-in for the class.
import { authorized } from '../org/rest.ts'
import { wireAdapter, type WireAdapterClass } from './wire-adapter.ts'

/** What Lightning rejects with when Apex throws: the message is where components look for it. */
export interface ApexFailure {
  ok: false
  status: number
  statusText: string
  body: { message: string; exceptionType?: string }
}

/** An imported Apex method: call it, or hand it to `@wire`. */
export interface ApexMethod {
  (parameters?: Record<string, unknown>): Promise<unknown>
  adapter: WireAdapterClass
}

/** The function that `import method from '@salesforce/apex/<name>'` gives; rejects with ApexFailure. */
export function apexMethod(name: string): ApexMethod {
  const call = async (parameters: Record<string, unknown> = {}): Promise<unknown> => {
    const answer = await authorized(`/practice/apex/${name}`, { method: 'POST', body: parameters })
    const body: unknown = await answer.json().catch(() => null)
    if (answer.ok) return body
    throw failure(answer.status, body)
  }
  return Object.assign(call, { adapter: wireAdapter(call) })
}

function failure(status: number, body: unknown): ApexFailure {
  const first = (Array.isArray(body) ? body[0] : body) as
    { message?: string; exceptionType?: string } | null | undefined
  const message = first?.message ?? `The org answered ${status}`
  return { ok: false, status, statusText: 'Server Error', body: { ...first, message } }
}
