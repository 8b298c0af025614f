// Calls tools as the brain does: over MCP.
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import type { AcceptedDecision } from '../../server/contract/approval-token.ts'
import type { Grant } from '../../server/contract/grant.ts'
import { NOT_AFTER_META, RUN_META, ToolError } from '../../server/contract/tool-error.ts'
import { tools, type ToolInput, type ToolName, type ToolOutput } from '../../server/contract/tools.ts'
import type { SalesforceMcp } from '../../server/salesforce-mcp/compose.ts'
import { activationToken, approvalToken, grant, type Sealed, type Signing } from './signing.ts'

export class ToolErrorAnswer extends Error {
  readonly error: ToolError

  constructor(error: ToolError) {
    super(`${error.code}: ${error.message}`)
    this.error = error
  }
}

export async function connected(mcp: SalesforceMcp): Promise<Client> {
  const [ours, theirs] = InMemoryTransport.createLinkedPair()
  const client = new Client({ name: 'test', version: '0' })
  await mcp.connect(theirs)
  await client.connect(ours)
  return client
}

export async function callTool<T extends ToolName>(
  client: Client,
  name: T,
  input: ToolInput<T>,
  run?: string,
  notAfter?: Date,
): Promise<ToolOutput<T>> {
  const _meta = { ...(run && { [RUN_META]: run }), ...(notAfter && { [NOT_AFTER_META]: notAfter.toISOString() }) }
  const result = await client.callTool({ name, arguments: input as Record<string, unknown>, _meta })
  const content = result.structuredContent as { error?: unknown }
  if (result.isError) throw new ToolErrorAnswer(ToolError.parse(content.error))
  return tools[name].output.parse(content) as ToolOutput<T>
}

/** Signatures of these administrators for a grant, as salesforce-mcp took them. */
export function signatures(
  client: Client,
  people: readonly string[],
  opened: Grant = grant,
): Promise<AcceptedDecision[]> {
  return Promise.all(
    people.map(async (userId) => {
      const token = await activationToken(userId, opened)
      return (await callTool(client, 'acceptDecision', { token })).accepted
    }),
  )
}

/** Enters a grant in the org's register as two administrators do, and opens it; gives its name. */
export async function activate(client: Client, people: [string, string], opened: Grant = grant): Promise<string> {
  const decisions = await signatures(client, people, opened)
  await callTool(client, 'activateGrant', { grant: opened, before: null, decisions })
  return (await callTool(client, 'openGrant', { grant: opened })).grant
}

export async function approve(
  client: Client,
  sealed: Sealed,
  userId: string,
  signing?: Signing,
): Promise<AcceptedDecision> {
  const token = await approvalToken(sealed, userId, signing)
  return (await callTool(client, 'acceptDecision', { token })).accepted
}
