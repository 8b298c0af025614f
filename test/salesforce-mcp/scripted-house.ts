import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { randomBytes } from 'node:crypto'
import {
  createSalesforceMcp,
  type SalesforceMcp,
  type SalesforceMcpOptions,
} from '../../server/salesforce-mcp/compose.ts'
import type { Grant } from '../../server/contract/grant.ts'
import { callTool, connected } from './calling.ts'
import { grant, newKeys, ORG_ID, orgKeys, registeredRow } from './signing.ts'
import { startScriptedOrg, type ScriptedOrg } from './scripted-org.ts'

export interface ScriptedHouse {
  org: ScriptedOrg
  mcp: SalesforceMcp
  client: Client
  options: SalesforceMcpOptions
  /** Opens a grant that the register names; gives its name. */
  open(opened?: Grant): Promise<string>
  close(): Promise<void>
}

/** salesforce-mcp before an org whose answers the test writes. */
export async function openScriptedHouse(changes: Partial<SalesforceMcpOptions> = {}): Promise<ScriptedHouse> {
  const org = await startScriptedOrg(ORG_ID)
  const login = { clientId: 'id', username: 'user', privateKeyPem: newKeys().privatePem }
  const options: SalesforceMcpOptions = {
    orgId: ORG_ID,
    loginUrl: org.url,
    reader: login,
    writer: login,
    orgPublicKeys: [orgKeys.publicPem],
    sealKey: { key: randomBytes(32), earlier: [] },
    ...changes,
  }
  const mcp = await createSalesforceMcp(options)
  const client = await connected(mcp)
  const close = async () => {
    await client.close()
    await mcp.close()
    await org.close()
  }
  const open = async (opened: Grant = grant) => {
    org.register = [registeredRow(options.sealKey, opened)]
    return (await callTool(client, 'openGrant', { grant: opened })).grant
  }
  return { org, mcp, client, options, open, close }
}
