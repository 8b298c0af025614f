import { createPrivateKey } from 'node:crypto'
import { z } from 'zod'
import { signIn } from '../../server/salesforce-mcp/org/token.ts'

const DEADLINE_MS = 15_000
const Refusal = z.array(z.object({ errorCode: z.string(), message: z.string() })).min(1)
const Rows = z.object({ records: z.array(z.record(z.string(), z.unknown())) })

/** The org refused a request; `code` is the org's, e.g. INVALID_TYPE. */
export class OrgRefusal extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(`${code}: ${message}`)
    this.code = code
  }
}

interface OrgLogin {
  loginUrl: string
  audience: string
  apiVersion: string
  clientId: string
  username: string
  privateKeyPem: string
}

/** REST session of one signed-in user. */
export interface OrgSession {
  username: string
  orgId: string
  userId: string
  instanceUrl: string
  accessToken: string
  /** Path below `/services/data/vNN.0`. Throws OrgRefusal. */
  get(path: string): Promise<unknown>
  query(soql: string): Promise<Record<string, unknown>[]>
  toolingQuery(soql: string): Promise<Record<string, unknown>[]>
}

/** Signs in by JWT bearer. Throws ToolFailure with the org's reason. */
export async function openSession(login: OrgLogin, now: Date): Promise<OrgSession> {
  const { loginUrl, audience, apiVersion, clientId, username } = login
  const user = { clientId, username, key: createPrivateKey(login.privateKeyPem) }
  const session = await signIn({ loginUrl, audience, user, now, deadlineMs: DEADLINE_MS })
  const { instanceUrl, accessToken } = session
  const get = async (path: string): Promise<unknown> => {
    const response = await fetch(`${instanceUrl}/services/data/v${apiVersion}${path}`, {
      headers: { authorization: `Bearer ${accessToken}` },
      signal: AbortSignal.timeout(DEADLINE_MS),
    })
    const body: unknown = await response.json().catch(() => null)
    if (response.ok) return body
    const [refusal] = Refusal.safeParse(body).data ?? []
    throw new OrgRefusal(refusal?.errorCode ?? `HTTP_${response.status}`, refusal?.message ?? 'no reason given')
  }
  const rows = async (path: string, soql: string) =>
    Rows.parse(await get(`${path}?q=${encodeURIComponent(soql)}`)).records
  return {
    ...session,
    username,
    get,
    query: (soql) => rows('/query', soql),
    toolingQuery: (soql) => rows('/tooling/query', soql),
  }
}
