import { z } from 'zod'
import { SwitchNotThrown } from '../../domain/errors.ts'

const DEADLINE_MS = 5_000
const Position = z.object({ writes: z.enum(['stopped', 'on']) })

/** The switch of salesforce-mcp itself, wherever it runs. */
export interface SalesforceSwitch {
  /** Throws SwitchNotThrown when salesforce-mcp does not confirm. */
  set(stopped: boolean): Promise<void>
  /** Null when salesforce-mcp does not answer. */
  isStopped(): Promise<boolean | null>
}

/** The switch of a salesforce-mcp in its own process, with the token of its MCP door. */
export function remoteSwitch(mcpUrl: string, token: string): SalesforceSwitch {
  const headers = { authorization: `Bearer ${token}` }
  const ask = (method: string, path: string): Promise<Response> =>
    fetch(new URL(path, mcpUrl), { method, headers, signal: AbortSignal.timeout(DEADLINE_MS) })
  return {
    async set(stopped) {
      try {
        const answer = await ask('POST', stopped ? '/writes/stop' : '/writes/start')
        if (answer.ok) return
        throw new SwitchNotThrown(stopped, `salesforce-mcp answered ${answer.status}`)
      } catch (cause) {
        throw cause instanceof SwitchNotThrown
          ? cause
          : new SwitchNotThrown(stopped, 'salesforce-mcp cannot be reached')
      }
    },
    async isStopped() {
      try {
        return Position.parse(await (await ask('GET', '/writes')).json()).writes === 'stopped'
      } catch {
        return null
      }
    },
  }
}
