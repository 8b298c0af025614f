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
import { createSalesforceMcp, type SalesforceMcp } from '../../server/salesforce-mcp/compose.ts'
import { activate, callTool, connected } from './calling.ts'
import { newKeys, ORG_ID, orgKeys, sealedOf, type Sealed } from './signing.ts'

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
  /** What salesforce-mcp takes for the time. */
  now: Date
  commit(leaves: readonly Leaf[], approvals: readonly AcceptedDecision[]): Promise<ToolOutput<'commitChangeSet'>>
  /** Expects an attempt to fail like this, with not one request sent. */
  refused(attempt: Promise<unknown>, code: string, reason: RegExp): Promise<void>
  /** As it was at first: an activated grant, nothing asked, the time as it is. */
  renew(): Promise<void>
  close(): Promise<void>
}

export async function openSilentHouse(): Promise<SilentHouse> {
  const login = { clientId: 'id', username: 'user', privateKeyPem: brain.privatePem }
  const org = await startSilentOrg()
  const mcp = await createSalesforceMcp({
    orgId: ORG_ID,
    loginUrl: org.url,
    reader: login,
    writer: login,
    orgPublicKeys: [orgKeys.publicPem],
    sealKey: { key: randomBytes(32), earlier: [] },
    now: () => house.now,
  })
  const client = await connected(mcp)
  const house: SilentHouse = {
    org,
    mcp,
    client,
    now: new Date(),
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
      house.now = new Date()
      org.requests.length = 0
      await activate(client, ANNA)
    },
    async close() {
      await client.close()
      await mcp.close()
      await org.close()
    },
  }
  return house
}

/** An org's address where nothing works: it only counts who knocks. */
async function startSilentOrg(): Promise<{ url: string; requests: string[]; close(): Promise<void> }> {
  const requests: string[] = []
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`)
    response.writeHead(503).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const close = () => {
    server.closeAllConnections()
    return new Promise<void>((resolve) => server.close(() => resolve()))
  }
  return { url: `http://127.0.0.1:${port}`, requests, close }
}
