import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { createSalesforceMcp } from './compose.ts'
import { SettingsError } from '../settings/settings-error.ts'
import type { Variables } from '../settings/environment.ts'
import { readDoorTokens, type SalesforceMcpSettings } from '../settings/salesforce-mcp-settings.ts'
import { openHttpDoor, type HttpDoor } from './http.ts'

interface Serving {
  /** Where the HTTP door is; null over stdio. */
  url: string | null
  /** Reads the token files of the HTTP door again; when one is wrong, the tokens of before stay. */
  rereadTokens(variables: Variables): void
  close(): Promise<void>
}

/**
 * Serves one session over standard input and output, or everyone who has the token over HTTP. `say` must not write to standard
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
  const mcp = await createSalesforceMcp({ ...config.mcp, onError: (error, tool) => say(`${tool}: ${String(error)}`) })
  if (stdio || !config.http) {
    await mcp.connect(new StdioServerTransport())
    return { url: null, rereadTokens: () => {}, close: () => mcp.close() }
  }
  const door = await openHttpDoor(mcp, { ...config.http, onError: (error) => say(`HTTP door: ${String(error)}`) })
  const close = async () => {
    await door.close()
    await mcp.close()
  }
  return { url: door.url, rereadTokens: (variables) => rereadTokens(door, variables, say), close }
}

function rereadTokens(door: HttpDoor, variables: Variables, say: (line: string) => void): void {
  try {
    door.acceptTokens(readDoorTokens(variables))
    say('salesforce-mcp has read its token files again')
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    for (const line of error.lines) say(`${line}; the tokens of before stay`)
  }
}
