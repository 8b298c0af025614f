import { pino, type Logger } from 'pino'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { createSalesforceMcp } from './compose.ts'
import { endingSoon, type CallerKey } from '../settings/callers.ts'
import { SettingsError } from '../settings/settings-error.ts'
import type { Variables } from '../settings/environment.ts'
import { readDoorCallers, type SalesforceMcpSettings } from '../settings/salesforce-mcp-settings.ts'
import { openHttpDoor } from './http.ts'
import { refusalCounts } from './refusal-counts.ts'

const DAY_MS = 86_400_000

interface Serving {
  /** Where the HTTP door is; null over stdio. */
  url: string | null
  /** Reads the list of callers of the HTTP door again; when it is wrong, the callers of before stay. */
  rereadCallers(variables: Variables): void
  close(): Promise<void>
}

/**
 * Serves one session over standard input and output, or the listed callers over HTTP. `say` must not write to standard
 * output, which carries the protocol. Throws SettingsError when neither is asked for.
 */
export async function serve(
  config: SalesforceMcpSettings,
  stdio: boolean,
  say: (line: string) => void,
): Promise<Serving> {
  if (!stdio && !config.http) {
    throw new SettingsError([
      'SALESFORCE_MCP_PORT is missing; set it in the environment, e.g. SALESFORCE_MCP_PORT=4600, or start with --stdio',
    ])
  }
  if (stdio && !isLocal(config.mcp.loginUrl)) {
    throw new SettingsError(['--stdio serves a local org only: set SALESFORCE_MCP_PORT, e.g. SALESFORCE_MCP_PORT=4600'])
  }
  const log = openLog()
  const counts = refusalCounts()
  const mcp = await createSalesforceMcp({
    ...config.mcp,
    onError: (error, tool) => log.error({ event: 'failure', tool, ...kindOf(error) }, 'a tool failed'),
    onRefused: (refusal) => {
      counts.count(refusal)
      log.warn({ event: 'refusal', door: 'salesforce-mcp', ...refusal }, 'refused')
    },
  })
  if (stdio || !config.http) {
    await mcp.connect(new StdioServerTransport())
    return { url: null, rereadCallers: () => {}, close: () => mcp.close() }
  }
  const door = await openHttpDoor(mcp, {
    ...config.http,
    metrics: counts,
    onError: (error) => log.error({ event: 'failure', ...kindOf(error) }, 'the HTTP door failed'),
    onRefused: (refusal) => log.warn({ event: 'refusal', door: 'salesforce-mcp', ...refusal }, 'refused'),
  })
  let listed = config.http.callers
  const warn = () => {
    for (const ending of endingSoon(listed, new Date()))
      log.warn({ event: 'key-ends', ...ending }, 'the last key of a caller ends soon: replace it')
  }
  warn()
  const timer = setInterval(warn, DAY_MS).unref()
  const close = async () => {
    clearInterval(timer)
    await door.close()
    await mcp.close()
  }
  const rereadCallers = (variables: Variables) => {
    listed = callersNow(variables, say) ?? listed
    door.acceptCallers(listed)
    warn()
  }
  return { url: door.url, rereadCallers, close }
}

/** The list of callers as it is now; null when it is wrong. */
function callersNow(variables: Variables, say: (line: string) => void): CallerKey[] | null {
  try {
    const callers = readDoorCallers(variables)
    say('salesforce-mcp has read its list of callers again')
    return callers
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    for (const line of error.lines) say(`${line}; the callers of before stay`)
    return null
  }
}

/** The process's log, one JSON object per line in the brain's form, on standard error: standard output carries the protocol. */
const openLog = (): Logger => pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(2))

/** Messages may quote records: an error is logged by its kind and place. */
function kindOf(error: unknown): { error: string; where: string[] } {
  if (!(error instanceof Error)) return { error: typeof error, where: [] }
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  return { error: error.name, where: frames.slice(0, 6) }
}

const LOCAL_HOSTS = ['localhost', '127.0.0.1', '[::1]']
const isLocal = (url: string): boolean => LOCAL_HOSTS.includes(new URL(url).hostname)
