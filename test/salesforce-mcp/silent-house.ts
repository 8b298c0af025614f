// salesforce-mcp before an org that only counts who knocks: whatever is refused here was refused without asking it.
import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'vitest'
import type { AcceptedDecision } from '../../server/contract/approval-token.ts'
import type { SealedDocument } from '../../server/contract/change-set.ts'
import { touchedBy, type Operation } from '../../server/contract/operations/operation.ts'
import type { Leaf } from '../../server/contract/seal.ts'
import type { ToolOutput } from '../../server/contract/tools.ts'
import {
  createSalesforceMcp,
  type SalesforceMcp,
  type SalesforceMcpOptions,
} from '../../server/salesforce-mcp/compose.ts'
import type { SealKey } from '../../server/settings/key-text.ts'
import { callTool, connected } from './calling.ts'
import { grant, newKeys, ORG_ID, orgKeys, registeredRow, sealedOf, type Sealed } from './signing.ts'

export const ANNA = '005000000000001AAA'
export const BORIS = '005000000000002AAA'
export const ACCOUNT = '001000000000001AAA'
export const OTHER_ORG = '00D000000000009EAA'
const THEN = '2026-11-22T10:00:00.000+0000'

export const operations: Operation[] = [
  { kind: 'update', object: 'Account', id: ACCOUNT, fields: { Phone: { from: null, to: '1', source: 'rule:x' } } },
]
/** What the brain signs in with. */
export const brain = newKeys()

export const sealed = (changes: Partial<SealedDocument> = {}, ops = operations): Sealed =>
  sealedOf(ops, Object.fromEntries(ops.flatMap(touchedBy).map(({ id }) => [id, THEN])), changes)

export interface SilentHouse {
  org: Awaited<ReturnType<typeof startSilentOrg>>
  mcp: SalesforceMcp
  client: Client
  /** The key of its seals, as a thief of it would have it. */
  sealKey: SealKey
  /** What salesforce-mcp takes for the time. */
  now: Date
  /** Goes on to another time, with the grant opened again. */
  at(time: Date): Promise<void>
  commit(leaves: readonly Leaf[], approvals: readonly AcceptedDecision[]): Promise<ToolOutput<'commitChangeSet'>>
  /** Expects an attempt to fail like this, with not one request sent. */
  refused(attempt: Promise<unknown>, code: string, reason: RegExp): Promise<void>
  /** As it was at first: an activated grant, nothing asked, the time as it is. */
  renew(): Promise<void>
  close(): Promise<void>
}

export async function openSilentHouse(changes: Partial<SalesforceMcpOptions> = {}): Promise<SilentHouse> {
  const login = { clientId: 'id', username: 'user', privateKeyPem: brain.privatePem }
  const sealKey = { key: randomBytes(32), earlier: [] }
  const org = await startSilentOrg(ORG_ID)
  const mcp = await createSalesforceMcp({
    orgId: ORG_ID,
    loginUrl: org.url,
    reader: login,
    writer: login,
    orgPublicKeys: [orgKeys.publicPem],
    sealKey,
    now: () => house.now,
    ...changes,
  })
  const client = await connected(mcp)
  const at = async (time: Date) => {
    house.now = time
    org.register = [registeredRow(sealKey)]
    await callTool(client, 'openGrant', { grant })
    org.register = []
  }
  const house: SilentHouse = {
    org,
    mcp,
    client,
    sealKey,
    now: new Date(),
    at,
    commit: (leaves, approvals) =>
      callTool(client, 'commitChangeSet', { leaves: [...leaves], approvals: [...approvals] }),
    async refused(attempt, code, reason) {
      const answer = await attempt.then(
        () => 'it was accepted',
        (error: unknown) => error,
      )
      expect(answer).toMatchObject({ error: { code } })
      expect(String(answer)).toMatch(reason)
      expect(org.requests).toEqual([])
    },
    async renew() {
      await at(new Date())
      org.requests.length = 0
    },
    async close() {
      await client.close()
      await mcp.close()
      await org.close()
    },
  }
  return house
}

interface SilentOrg {
  url: string
  requests: string[]
  /** Bodies of these requests, in the pieces in which they came. */
  bodies: string[]
  /** Rows of the register of activations: while there are any, it answers queries with them, and counts nobody. */
  register: object[]
  close(): Promise<void>
}

/** An org's address where nothing works: it only counts who knocks. */
async function startSilentOrg(orgId: string): Promise<SilentOrg> {
  const requests: string[] = []
  const bodies: string[] = []
  const server = createServer((request, response) => {
    const { register } = org
    if (register.length > 0) {
      const session = { access_token: '00D!x', instance_url: org.url, id: `${org.url}/id/${orgId}/005000000000009AAA` }
      const body = { totalSize: register.length, done: true, records: register }
      const composite = { compositeResponse: [{ referenceId: 'q0', httpStatusCode: 200, httpHeaders: {}, body }] }
      const answer = request.url?.includes('/oauth2/token') ? session : composite
      return void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
    }
    requests.push(`${request.method} ${request.url}`)
    request.setEncoding('utf8').on('data', (piece: string) => void bodies.push(piece))
    response.writeHead(503).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const close = () => {
    server.closeAllConnections()
    return new Promise<void>((resolve) => server.close(() => resolve()))
  }
  const org: SilentOrg = { url: `http://127.0.0.1:${port}`, requests, bodies, register: [], close }
  return org
}
