import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { createSalesforceMcp } from './compose.ts'
import { ConfigError, readConfig, type Config } from './config.ts'
import { openHttpDoor } from './http.ts'

/** Standard output carries the protocol under `--stdio`: everything people read goes to standard error. */
const say = (line: string) => process.stderr.write(`${line}\n`)

function configured(): Config {
  try {
    return readConfig(process.env)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    error.lines.forEach(say)
    process.exit(2)
  }
}

const { mcp: options, http } = configured()
const mcp = await createSalesforceMcp({ ...options, onError: (error, tool) => say(`${tool}: ${String(error)}`) })
const stdio = process.argv.includes('--stdio')
if (!stdio && !http) {
  say('SALESFORCE_MCP_PORT is missing; set it in the environment, e.g. SALESFORCE_MCP_PORT=4600, or start with --stdio')
  process.exit(2)
}
const door = !stdio && http ? await openHttpDoor(mcp, http) : null
if (door) say(`salesforce-mcp listens on ${door.url}`)

async function stop(): Promise<void> {
  await door?.close()
  await mcp.close()
  process.exit(0)
}
process.once('SIGTERM', () => void stop())
process.once('SIGINT', () => void stop())
if (stdio) {
  process.stdin.once('end', () => void stop())
  await mcp.connect(new StdioServerTransport())
}
