import { SettingsError } from '../settings/settings-error.ts'
import { readSalesforceMcpSettings } from '../settings/salesforce-mcp-settings.ts'
import { startWatchdog } from '../watchdog/watchdog.ts'
import { serve } from './serve.ts'

const say = (line: string) => void process.stderr.write(`${line}\n`)
const stdio = process.argv.includes('--stdio')

try {
  const settings = readSalesforceMcpSettings(process.env)
  startWatchdog({ name: 'salesforce-mcp', seconds: settings.watchdogSeconds })
  const { url, rereadCallers, close } = await serve(settings, stdio, say)
  const stop = () => void close().then(() => process.exit(0))
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  process.on('SIGHUP', () => rereadCallers(process.env))
  if (stdio) process.stdin.once('end', stop)
  // Printed last: a supervisor that reads it may stop this process at once.
  if (url) say(`salesforce-mcp listens on ${url}`)
} catch (error) {
  if (!(error instanceof SettingsError)) throw error
  error.lines.forEach(say)
  process.exitCode = 2
}
