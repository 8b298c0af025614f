import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js'
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js'
import { z } from 'zod'
import type { Scope } from '../contract/call-token.ts'
import type { ToolError } from '../contract/tool-error.ts'
import { NOT_AFTER_META, RUN_META, USER_META } from '../contract/tool-error.ts'
import { tools, type ToolName } from '../contract/tools.ts'
import { SalesforceId } from '../contract/values/ids.ts'
import { toolDefinitions } from '../contract/tool-definitions.ts'
import type { ToolLimits, ToolManifest } from '../contract/tool-manifest.ts'
import { ToolFailure } from './failure/failure.ts'
import { CallCount, type CallLedger } from './org/calls.ts'
import type { Services, ToolCall } from './services/services.ts'
import { halfPairIn } from './half-pair.ts'
import { assertFits, rowOf, within, type CallRates } from './tool-limits.ts'
import { catalog, OUTSIDE_RUNS } from './tools/catalog.ts'

/** A call that a rule refused. */
export interface ToolRefusal {
  tool: string
  /** Code of the answer. */
  rule: ToolError['code']
  runId: string | null
  /** For whom the brain called, by its word; null where it acts for no user. */
  userId: string | null
  /** No honest brain asks for it. */
  isBreach: boolean
}

/** Codes by which salesforce-mcp itself refuses; the others are what the org is like. */
const RULES: ReadonlySet<ToolError['code']> = new Set([
  'refused',
  'not-granted',
  'bad-request',
  'stopped',
  'contained',
  'too-late',
  'too-many',
  'too-large',
])

function refusalOf(name: string, { code, isBreach }: ToolFailure, meta: z.infer<typeof Meta>): ToolRefusal {
  const { [RUN_META]: runId = null, [USER_META]: userId = null } = meta
  return { tool: nameOf(name), rule: code, runId, userId, isBreach }
}

/** A name that is no tool's may be anything: it is not repeated. */
const nameOf = (name: string): string => (Object.hasOwn(tools, name) ? name : 'unknown')

interface ServerSettings {
  services: Services
  ledger: CallLedger
  manifest: ToolManifest
  rates: CallRates
  /** Receives each refusal by a rule, for the log: nothing of what was sent. */
  onRefused: (refusal: ToolRefusal) => void
  /** Receives errors that no tool answers with, for the log. */
  onError: (error: unknown, tool: string) => void
}

const Meta = z.object({
  [RUN_META]: z.string().min(1).max(128).optional(),
  [NOT_AFTER_META]: z.iso.datetime().optional(),
  // A value that is no user's id is left out alone.
  [USER_META]: SalesforceId.optional().catch(undefined),
})

/**
 * One MCP session's server. It lists and answers by itself rather than through `registerTool`, because a tool's error is
 * structured too, and an SDK client that knows only the output schema would refuse it. Tools of other scopes are not there for it.
 */
export function createServer(all: ServerSettings, scopes: ReadonlySet<Scope>): McpServer {
  const settings = { ...all, manifest: inScope(all.manifest, scopes) }
  const mcp = new McpServer({ name: 'salesforce-mcp', version: '0.1.0' }, { capabilities: { tools: {} } })
  mcp.server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: toolDefinitions(settings.manifest) }))
  mcp.server.setRequestHandler(CallToolRequestSchema, async ({ params }) => {
    const parsed = Meta.safeParse(params._meta ?? {})
    const meta = parsed.success ? parsed.data : {}
    return answer(params.name, params.arguments ?? {}, meta, settings)
  })
  return mcp
}

const inScope = (manifest: ToolManifest, scopes: ReadonlySet<Scope>): ToolManifest =>
  Object.fromEntries(Object.entries(manifest).filter(([, { scope }]) => scopes.has(scope)))

async function answer(
  name: string,
  input: Record<string, unknown>,
  meta: z.infer<typeof Meta>,
  { services, ledger, manifest, rates, onRefused, onError }: ServerSettings,
): Promise<CallToolResult> {
  try {
    const { tool, row } = rowOf(manifest, name)
    if (!OUTSIDE_RUNS.has(tool) && tool !== 'acceptDecision') services.writes.assertReadsOn()
    const now = services.now()
    rates.enter(tool, row.limits, now.getTime())
    const count = new CallCount(ledger, OUTSIDE_RUNS.has(tool) ? null : (meta[RUN_META] ?? null))
    const answered =
      row.class === 'read-only'
        ? await readWithin(tool, row.limits, input, { services, count, notAfter: null })
        : await runTool(tool, input, { services, count, notAfter: earliest(meta[NOT_AFTER_META], now, row.limits) })
    return resultOf(answered)
  } catch (error) {
    if (error instanceof ToolFailure) {
      if (RULES.has(error.code)) onRefused(refusalOf(name, error, meta))
      return { ...resultOf({ error: error.toError() }), isError: true }
    }
    onError(error, name)
    const failure = new ToolFailure('unavailable', 'salesforce-mcp failed unexpectedly; its log says how')
    return { ...resultOf({ error: failure.toError() }), isError: true }
  }
}

/** A tool that reads is left alone when its time is over; what its answer may hold is checked before it is sent. */
async function readWithin(
  tool: ToolName,
  limits: ToolLimits,
  input: unknown,
  call: ToolCall,
): Promise<Record<string, unknown>> {
  const onLate = () => {
    call.count.end()
    return new ToolFailure('unavailable', `${tool} did not answer within ${limits.ms} ms`)
  }
  const answer = await within(limits.ms, runTool(tool, input, call), onLate)
  assertFits(tool, limits, answer)
  return tools[tool].output.parse(answer)
}

/** A tool that writes is never left alone, as its outcome counts: it begins nothing once its time is over. */
function earliest(notAfter: string | undefined, now: Date, { ms }: ToolLimits): Date {
  const end = new Date(now.getTime() + ms)
  const asked = notAfter === undefined ? end : new Date(notAfter)
  return asked < end ? asked : end
}

async function runTool<T extends ToolName>(name: T, input: unknown, call: ToolCall): Promise<Record<string, unknown>> {
  const parsed = tools[name].input.safeParse(input)
  if (!parsed.success) {
    const reasons = parsed.error.issues.slice(0, 5).map(({ path, message }) => `${path.join('.')}: ${message}`)
    throw new ToolFailure('bad-request', `wrong arguments for ${name}: ${reasons.join('; ')}`)
  }
  const half = halfPairIn(parsed.data)
  if (half !== null) throw new ToolFailure('bad-request', `wrong arguments for ${name}: ${half}: half a character`)
  const tool = catalog[name] as (input: unknown, call: ToolCall) => Promise<Record<string, unknown>>
  return tool(parsed.data, call)
}

function resultOf(structured: Record<string, unknown>): CallToolResult {
  return { content: [{ type: 'text', text: JSON.stringify(structured) }], structuredContent: structured }
}
