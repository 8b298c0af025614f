// The brain's own MCP server, stateless, at POST /mcp: each call acts for the person whose session token it carries.
import { firstCharacters } from '../../contract/values/text.ts'
import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js'
import type { CallToolResult, Tool } from '@modelcontextprotocol/sdk/types.js'
import type { Request, Response } from 'express'
import { z } from 'zod'
import { InvalidInput } from '../domain/errors.ts'
import type { SessionCaller } from '../http/requests/caller.ts'
import type { RouteContext } from '../http/requests/route-context.ts'
import { problemOf, Refused, reportRefusal } from '../http/requests/problems.ts'
import { mcpTools } from './tools.ts'

/** Handles one JSON-RPC message of one caller. Throws InvalidInput when there are several: each call counts as a request. */
export async function serveMcp(
  doors: RouteContext,
  caller: SessionCaller,
  request: Request,
  response: Response,
): Promise<void> {
  if (Array.isArray(request.body)) throw new InvalidInput('a request carries one message: batches are refused')
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined, enableJsonResponse: true })
  response.once('close', () => void transport.close())
  await serverFor(doors, caller).connect(transport)
  await transport.handleRequest(request, response, request.body)
}

function serverFor(doors: RouteContext, caller: SessionCaller): Server {
  const server = new Server({ name: 'missions', version: '1' }, { capabilities: { tools: {} } })
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: listedFor(caller) }))
  server.setRequestHandler(CallToolRequestSchema, ({ params }) =>
    call(doors, caller, params.name, params.arguments ?? {}),
  )
  return server
}

/** Only what the caller may call. */
const listedFor = ({ permissions }: SessionCaller): Tool[] =>
  listed.filter(({ name }) => mcpTools[name]?.needs.some((permission) => permissions.includes(permission)))

const listed: Tool[] = Object.entries(mcpTools).map(([name, { description, readOnly, input }]) => ({
  name,
  description,
  inputSchema: objectSchema(z.toJSONSchema(input, { io: 'input' })),
  annotations: { readOnlyHint: readOnly, destructiveHint: false, idempotentHint: true, openWorldHint: false },
}))

function objectSchema(schema: object): Tool['inputSchema'] {
  return { ...schema, type: 'object' }
}

/** A refusal is a tool result: the same problem document as over HTTP. */
async function call(doors: RouteContext, caller: SessionCaller, name: string, input: unknown): Promise<CallToolResult> {
  const tool = Object.hasOwn(mcpTools, name) ? mcpTools[name] : undefined
  const what = firstCharacters(name, 40)
  try {
    if (!tool) throw new InvalidInput('there is no such tool')
    if (doors.streaks.isLocked(caller.userId, what))
      throw new Refused(429, 'Refused too often', 'This was refused again and again. Wait five minutes, then go on.')
    const result = resultOf(await tool.run(doors, caller, input))
    doors.streaks.answered(caller.userId, what)
    return result
  } catch (error) {
    const problem = problemOf(error)
    reportRefusal(doors, { door: 'mcp', what, userId: caller.userId, error, problem })
    if (problem.status >= 500) doors.log.error({ tool: what, status: problem.status }, 'a tool failed')
    return { ...resultOf({ problem }), isError: true }
  }
}

function resultOf(structured: Record<string, unknown>): CallToolResult {
  return { content: [{ type: 'text', text: JSON.stringify(structured) }], structuredContent: structured }
}
