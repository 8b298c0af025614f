import { SwitchNotThrown } from '../../domain/errors.ts'

const DEADLINE_MS = 5_000

/**
 * Sets the switch of a salesforce-mcp in its own process, with the token of its MCP door. Throws SwitchNotThrown when it does
 * not confirm.
 */
export function remoteSwitch(mcpUrl: string, token: string): (stopped: boolean) => Promise<void> {
  return async (stopped) => {
    const url = new URL(stopped ? '/writes/stop' : '/writes/start', mcpUrl)
    const headers = { authorization: `Bearer ${token}` }
    try {
      const answer = await fetch(url, { method: 'POST', headers, signal: AbortSignal.timeout(DEADLINE_MS) })
      if (answer.ok) return
      throw new SwitchNotThrown(stopped, `salesforce-mcp answered ${answer.status}`)
    } catch (cause) {
      throw cause instanceof SwitchNotThrown ? cause : new SwitchNotThrown(stopped, 'salesforce-mcp cannot be reached')
    }
  }
}
