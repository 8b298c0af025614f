import { SwitchNotThrown } from '../../domain/errors.ts'

const DEADLINE_MS = 5_000

/**
 * Throws the switch of a salesforce-mcp that is a process of its own, with the token of its MCP door. Throws SwitchNotThrown when
 * it did not say that it obeyed.
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
