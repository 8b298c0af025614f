// salesforce-mcp as the brain sees it: an MCP client whose answers are parsed and whose errors are the brain's own.
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport, StreamableHTTPError } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { ListToolsResultSchema } from '@modelcontextprotocol/sdk/types.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { z } from 'zod'
import { definitionHash, toolDefinitions } from '../../../contract/tool-definitions.ts'
import { toolManifest } from '../../../contract/tool-manifest.ts'
import { NOT_AFTER_META, RUN_META, USER_META, ToolError } from '../../../contract/tool-error.ts'
import { tools, type ToolName, type ToolOutput } from '../../../contract/tools.ts'
import { SalesforceError } from '../../domain/errors.ts'
import type { Salesforce } from '../../ports/salesforce.ts'
import { AnswerNotSigned, type SignedFetch } from './signed-fetch.ts'

/** salesforce-mcp ends a call by the tool's limit; after this much more there is no salesforce-mcp. */
const GRACE_MS = 5_000

/** The first revision with structured answers. Revisions are dates: they compare as text. */
const OLDEST_PROTOCOL = '2025-06-18'

const Answer = z.object({ isError: z.boolean().optional(), structuredContent: z.unknown() })
const Refusal = z.object({ error: ToolError })

export interface SalesforceClient extends Salesforce {
  close(): Promise<void>
}

/** Over HTTP, with requests as salesforce-mcp's door wants them. */
export function httpTransport(url: string, signed: SignedFetch): Transport {
  // The SDK's own class and its interface disagree under exactOptionalPropertyTypes only in names.
  return new StreamableHTTPClientTransport(new URL(url), { fetch: signed }) as Transport
}

/** `connect` opens a transport: at the first call, and again after the connection was lost. */
export function openSalesforce(connect: () => Promise<Transport>): SalesforceClient {
  let session: Promise<Client> | null = null

  const open = async () => {
    const client = new Client({ name: 'missions-brain', version: '0.1.0' })
    client.onclose = () => (session = null)
    const transport = await connect()
    let version = ''
    const pass = transport.setProtocolVersion?.bind(transport)
    transport.setProtocolVersion = (agreed) => {
      version = agreed
      pass?.(agreed)
    }
    await client.connect(transport)
    try {
      if (version < OLDEST_PROTOCOL) throw new TypeError(`salesforce-mcp speaks MCP ${version}`)
      await assertKnown(client)
    } catch (error) {
      await client.close()
      throw error
    }
    return client
  }
  const client = () => {
    session ??= open()
    session.catch(() => (session = null))
    return session
  }

  return {
    async call(tool, input, { runId, userId, notAfter }) {
      let answer: z.infer<typeof Answer>
      try {
        const _meta = {
          ...(runId !== null && { [RUN_META]: runId }),
          ...(userId !== undefined && { [USER_META]: userId }),
          ...(notAfter && { [NOT_AFTER_META]: notAfter }),
        }
        const request = { name: tool, arguments: input as Record<string, unknown>, _meta }
        const timeout = (toolManifest[tool]?.limits.ms ?? 0) + GRACE_MS
        answer = Answer.parse(await (await client()).callTool(request, undefined, { timeout }))
      } catch (error) {
        throw unreachable(tool, error)
      }
      if (answer.isError) throw refusal(tool, answer.structuredContent)
      return outputOf(tool, answer.structuredContent)
    },
    async close() {
      const open = session
      session = null
      await (await open?.catch(() => null))?.close()
    },
  }
}

/**
 * Throws TypeError when a tool's description at salesforce-mcp differs by a character from this release's, or when it lists another
 * tool: the brain calls only what was reviewed with the release.
 */
async function assertKnown(client: Client): Promise<void> {
  const known = new Map(toolDefinitions().map((each) => [each.name, definitionHash(each)]))
  const { tools: listed } = await client.request({ method: 'tools/list' }, ListToolsResultSchema)
  const strange = listed.find((each) => known.get(each.name) !== definitionHash(each))
  if (strange) throw new TypeError('salesforce-mcp describes a tool otherwise than this release')
}

function outputOf<T extends ToolName>(tool: T, content: unknown): ToolOutput<T> {
  const parsed = tools[tool].output.safeParse(content)
  if (parsed.success) return parsed.data as ToolOutput<T>
  throw new SalesforceError(tool, {
    code: 'bad-request',
    message: `salesforce-mcp answered in another shape: ${parsed.error.issues[0]?.path.join('.')}`,
    orgCode: null,
    retryable: false,
  })
}

function refusal(tool: ToolName, content: unknown): SalesforceError {
  const parsed = Refusal.safeParse(content)
  return parsed.success ? new SalesforceError(tool, parsed.data.error) : unreachable(tool, null)
}

/** The answer was lost: reads may be repeated, and the commit too, because its receipts show what was written. */
function unreachable(tool: ToolName, cause: unknown): SalesforceError {
  const error = new SalesforceError(tool, {
    code: 'unavailable',
    message: whyUnreachable(cause),
    orgCode: null,
    retryable: true,
  })
  error.cause = cause
  return error
}

function whyUnreachable(cause: unknown): string {
  if (cause instanceof AnswerNotSigned) return `salesforce-mcp’s answer is not used: ${cause.message}`
  const isRefused = cause instanceof StreamableHTTPError && (cause.code === 401 || cause.code === 403)
  return isRefused
    ? `salesforce-mcp refuses this process’s key or scope (${cause.code})`
    : 'salesforce-mcp cannot be reached'
}
