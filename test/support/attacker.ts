// Somebody inside the brain: its grants, its leaves, all keys of its data folder, and a salesforce-mcp made from them.
import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { SignJWT } from 'jose'
import { createPrivateKey, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AcceptedDecision } from '../../server/contract/approval-token.ts'
import type { Grant } from '../../server/contract/grant.ts'
import type { Leaf } from '../../server/contract/seal.ts'
import type { ToolOutput } from '../../server/contract/tools.ts'
import { CLIENTS, keyFile } from '../../server/practice/keys.ts'
import { orgKeyFile } from '../../server/practice/processes.ts'
import { seal } from '../../server/salesforce-mcp/approvals/acceptance-mac.ts'
import { sealKeyOf } from '../../server/settings/key-text.ts'
import { createSalesforceMcp } from '../../server/salesforce-mcp/compose.ts'
import { callTool, connected } from '../salesforce-mcp/calling.ts'
import type { Stack } from './stack.ts'

export interface Attacker {
  orgId: string
  /** What salesforce-mcp makes of a token; throws ToolErrorAnswer. */
  accept(token: string): Promise<AcceptedDecision>
  /** Opens a grant; throws ToolErrorAnswer. */
  open(grant: Grant): Promise<string>
  activate(grant: Grant, before: Grant | null, decisions: AcceptedDecision[]): Promise<ToolOutput<'activateGrant'>>
  commit(leaves: readonly Leaf[], approvals: readonly AcceptedDecision[]): Promise<ToolOutput<'commitChangeSet'>>
  /** Puts salesforce-mcp's own seal on any token, without asking it. */
  forge(token: string): AcceptedDecision
  /** The claims, signed with each private key the brain has. */
  sign(claims: Record<string, unknown>): Promise<string[]>
  close(): Promise<void>
}

type Attacked = Pick<Stack, 'options' | 'orgUrl' | 'as'>

/** `laterMs`: how far its salesforce-mcp's clock is ahead. */
export async function attack(stack: Attacked, laterMs = 0): Promise<Attacker> {
  const { dataDir } = stack.options
  const admin = await stack.as('admin')
  const [org] = await admin.query('SELECT Id FROM Organization')
  const orgId = org!.Id
  const pem = (client: string) => readFileSync(keyFile(dataDir, client), 'utf8')
  const sealKey = sealKeyOf(readFileSync(join(dataDir, 'keys', 'seal.key'), 'utf8'))!
  const [reader, writer] = CLIENTS
  const login = ({ id, user }: (typeof CLIENTS)[number]) => ({
    clientId: id,
    username: user,
    privateKeyPem: pem(id),
  })
  const now = () => new Date(Date.now() + laterMs)
  const mcp = await createSalesforceMcp({
    orgId,
    loginUrl: stack.orgUrl,
    reader: login(reader),
    writer: login(writer),
    orgPublicKeys: [readFileSync(orgKeyFile(stack.options), 'utf8')],
    sealKey,
    now,
  })
  const client = await connected(mcp)
  if (laterMs === 0) await openGrants(client, stack)
  return {
    orgId,
    accept: async (token) => (await callTool(client, 'acceptDecision', { token })).accepted,
    open: async (grant) => (await callTool(client, 'openGrant', { grant })).grant,
    activate: (grant, before, decisions) => callTool(client, 'activateGrant', { grant, before, decisions }),
    commit: (leaves, approvals) =>
      callTool(client, 'commitChangeSet', { leaves: [...leaves], approvals: [...approvals] }),
    forge: (token) => seal(sealKey, token, now().toISOString()),
    sign: (claims) => Promise.all(CLIENTS.map(({ id }) => signed(claims, pem(id)))),
    async close() {
      await client.close()
      await mcp.close()
    },
  }
}

/** The brain has every grant, and the org's register says which are active: those are opened. */
async function openGrants(client: Client, stack: Attacked): Promise<void> {
  const admin = await stack.as('admin')
  const { items } = await admin.get<{ items: { name: string; active: boolean }[] }>('/missions')
  for (const { name } of items.filter(({ active }) => active)) {
    const { grant } = await admin.get<{ grant: Grant }>(`/missions/${name}`)
    await callTool(client, 'openGrant', { grant })
  }
}

function signed(claims: Record<string, unknown>, pem: string): Promise<string> {
  const iat = Math.floor(Date.now() / 1000)
  return new SignJWT({ jti: randomUUID(), iat, exp: iat + 60, ...claims })
    .setProtectedHeader({ alg: 'RS256' })
    .sign(createPrivateKey(pem))
}
