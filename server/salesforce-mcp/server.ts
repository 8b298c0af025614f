import { firstCharacters } from '../contract/values/text.ts'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js'
import type { CallToolResult, Tool as Listed } from '@modelcontextprotocol/sdk/types.js'
import { z } from 'zod'
import { NOT_AFTER_META, RUN_META, ToolError, tools, type ToolName } from '../contract/tools.ts'
import { ToolFailure } from './failure/failure.ts'
import { CallCount, type CallLedger } from './org/calls.ts'
import type { Services, ToolCall } from './services/services.ts'
import { catalog, OUTSIDE_RUNS } from './tools/catalog.ts'

interface ServerSettings {
  services: Services
  ledger: CallLedger
  /** Receives errors that no tool answers with, for the log. */
  onError: (error: unknown, tool: string) => void
}

const Meta = z.object({
  [RUN_META]: z.string().min(1).max(128).optional(),
  [NOT_AFTER_META]: z.iso.datetime().optional(),
})

const isToolName = (name: string): name is ToolName => Object.hasOwn(tools, name)

/**
 * One MCP session's server. It lists and answers by itself rather than through `registerTool`, because a tool's error is
 * structured too, and an SDK client that knows only the output schema would refuse it.
 */
export function createServer(settings: ServerSettings): McpServer {
  const mcp = new McpServer({ name: 'salesforce-mcp', version: '0.1.0' }, { capabilities: { tools: {} } })
  mcp.server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: listed }))
  mcp.server.setRequestHandler(CallToolRequestSchema, async ({ params }) => {
    const parsed = Meta.safeParse(params._meta ?? {})
    const meta = parsed.success ? parsed.data : {}
    return answer(params.name, params.arguments ?? {}, meta, settings)
  })
  return mcp
}

const listed: Listed[] = Object.entries(tools).map(([name, { description, write, input, output }]) => ({
  name,
  description,
  inputSchema: objectSchema(z.toJSONSchema(input, { io: 'input' })),
  outputSchema: objectSchema({ anyOf: [output, z.object({ error: ToolError })].map((one) => z.toJSONSchema(one)) }),
  annotations: { readOnlyHint: !write, destructiveHint: write, idempotentHint: true, openWorldHint: false },
}))

function objectSchema(schema: object): Listed['inputSchema'] {
  return { ...schema, type: 'object' } as Listed['inputSchema']
}

async function answer(
  name: string,
  input: Record<string, unknown>,
  meta: z.infer<typeof Meta>,
  { services, ledger, onError }: ServerSettings,
): Promise<CallToolResult> {
  try {
    if (!isToolName(name)) throw new ToolFailure('bad-request', `there is no tool ${firstCharacters(name, 80)}`)
    const count = new CallCount(ledger, OUTSIDE_RUNS.has(name) ? null : (meta[RUN_META] ?? null))
    const notAfter = meta[NOT_AFTER_META] === undefined ? null : new Date(meta[NOT_AFTER_META])
    return resultOf(await runTool(name, input, { services, count, notAfter }))
  } catch (error) {
    if (error instanceof ToolFailure) return { ...resultOf({ error: error.toError() }), isError: true }
    onError(error, name)
    const failure = new ToolFailure('unavailable', 'salesforce-mcp failed unexpectedly; its log says how')
    return { ...resultOf({ error: failure.toError() }), isError: true }
  }
}

async function runTool<T extends ToolName>(name: T, input: unknown, call: ToolCall): Promise<Record<string, unknown>> {
  const parsed = tools[name].input.safeParse(input)
  if (!parsed.success) {
    const reasons = parsed.error.issues.slice(0, 5).map(({ path, message }) => `${path.join('.')}: ${message}`)
    throw new ToolFailure('bad-request', `wrong arguments for ${name}: ${reasons.join('; ')}`)
  }
  const tool = catalog[name] as (input: unknown, call: ToolCall) => Promise<Record<string, unknown>>
  return tool(parsed.data, call)
}

function resultOf(structured: Record<string, unknown>): CallToolResult {
  return { content: [{ type: 'text', text: JSON.stringify(structured) }], structuredContent: structured }
}
