import { digestOf } from '../../server/contract/seal.ts'
import type { DecisionSummary, DecisionView, ObservationView, RunView } from '../../server/contract/http.ts'
import type { DecisionVerb } from '../../server/contract/approval-token.ts'
import type { Right } from '../../server/contract/operations/fields.ts'

/** A record as REST gives it. */
export type Row = Record<string, unknown> & { Id: string }

/** A user of the practice org, acting through the same doors as the page: REST, Apex, the brain's HTTP. */
export interface Person {
  orgToken: string
  /** GET on the brain; throws on anything but 2xx. */
  get<T>(path: string): Promise<T>
  send(path: string, body: unknown, init?: RequestInit): Promise<Response>
  sessionToken(): Promise<string>
  apex<T>(method: string, body: unknown): Promise<T>
  decide(decisionId: string, digest: string, verb: DecisionVerb, rights: readonly Right[]): Promise<string>
  approve(decision: DecisionView): Promise<Response>
  reject(decision: DecisionView, reason: string): Promise<Response>
  /** Starts writes again, with the org's signature for the latest stop. */
  startWrites(reason: string): Promise<Response>
  query(soql: string, all?: boolean): Promise<Row[]>
  create(object: string, fields: Record<string, unknown>): Promise<string>
  update(object: string, id: string, fields: Record<string, unknown>): Promise<void>
  remove(object: string, id: string): Promise<void>
  runsAbout(recordId: string): Promise<RunView[]>
  decisionsAbout(recordId: string): Promise<DecisionSummary[]>
  decision(id: string): Promise<DecisionView>
  observations(runId: string): Promise<ObservationView[]>
}

const JSON_TYPE = { 'content-type': 'application/json' }

/** Signs a user in by password, as the practice page does. */
export async function signIn(orgUrl: string, brainUrl: string, username: string): Promise<Person> {
  const form = {
    grant_type: 'password',
    client_id: 'practice-page',
    username: `${username}@practice.example`,
    password: 'practice',
  }
  const signedIn = await json<{ access_token: string }>(
    fetch(`${orgUrl}/services/oauth2/token`, { method: 'POST', body: new URLSearchParams(form) }),
  )
  const orgToken = signedIn.access_token
  const orgHeaders = { ...JSON_TYPE, authorization: `Bearer ${orgToken}` }
  let session: { token: string; expiresAt: string } | null = null

  const apex = <T>(method: string, body: unknown) =>
    json<T>(
      fetch(`${orgUrl}/practice/apex/${method}`, { method: 'POST', headers: orgHeaders, body: JSON.stringify(body) }),
    )
  const sessionToken = async () => {
    if (!session || Date.parse(session.expiresAt) < Date.now() + 30_000) session = await apex('MissionSession.open', {})
    return session!.token
  }
  const get = async <T>(path: string) =>
    json<T>(fetch(`${brainUrl}/api/v1${path}`, { headers: { authorization: `Bearer ${await sessionToken()}` } }))
  const send = async (path: string, body: unknown, init: RequestInit = {}) =>
    fetch(`${brainUrl}/api/v1${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
      ...init,
      headers: {
        ...JSON_TYPE,
        authorization: `Bearer ${await sessionToken()}`,
        ...(init.headers as Record<string, string>),
      },
    })
  const decide: Person['decide'] = async (decisionId, digest, verb, rights) =>
    (
      await apex<{ decision: string }>('MissionSession.decide', {
        decisionId,
        digest,
        verb,
        rights: JSON.stringify(rights),
      })
    ).decision
  const data = `${orgUrl}/services/data/v66.0`

  return {
    orgToken,
    get,
    send,
    sessionToken,
    apex,
    decide,
    async approve(decision) {
      const digest = digestOf(decision.leaves)
      return send(`/decisions/${decision.id}/approve`, {
        digest,
        decision: await decide(decision.id, digest, 'approve', decision.rights),
      })
    },
    async startWrites(reason) {
      const { changes } = await get<{ changes: { hash: string }[] }>('/writes')
      const decision = await decide('switch:writes', changes[0]?.hash ?? '', 'start-writes', [])
      return send('/writes/start', { reason, decision })
    },
    async reject(decision, reason) {
      return send(`/decisions/${decision.id}/reject`, {
        reason,
        decision: await decide(decision.id, decision.digest, 'reject', []),
      })
    },
    async query(soql, all = false) {
      const path = `${data}/${all ? 'queryAll' : 'query'}?q=${encodeURIComponent(soql)}`
      return (await json<{ records: Row[] }>(fetch(path, { headers: orgHeaders }))).records
    },
    async create(object, fields) {
      return (
        await json<{ id: string }>(
          fetch(`${data}/sobjects/${object}`, { method: 'POST', headers: orgHeaders, body: JSON.stringify(fields) }),
        )
      ).id
    },
    async update(object, id, fields) {
      await ok(
        fetch(`${data}/sobjects/${object}/${id}`, {
          method: 'PATCH',
          headers: orgHeaders,
          body: JSON.stringify(fields),
        }),
      )
    },
    remove: async (object, id) =>
      void (await ok(fetch(`${data}/sobjects/${object}/${id}`, { method: 'DELETE', headers: orgHeaders }))),
    runsAbout: async (recordId) => (await get<{ items: RunView[] }>(`/runs?record=${recordId}`)).items,
    decisionsAbout: async (recordId) =>
      (await get<{ items: DecisionSummary[] }>(`/decisions?record=${recordId}`)).items,
    decision: (id) => get(`/decisions/${id}`),
    observations: async (runId) => (await get<{ items: ObservationView[] }>(`/runs/${runId}/observations`)).items,
  }
}

async function ok(answer: Promise<Response>): Promise<Response> {
  const response = await answer
  if (!response.ok) throw new Error(`${response.status} ${response.url}: ${await response.text()}`)
  return response
}

async function json<T>(answer: Promise<Response>): Promise<T> {
  return (await ok(answer)).json() as Promise<T>
}
