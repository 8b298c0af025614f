import { z } from 'zod'
import type { StoppableThere } from '../../../contract/switch.ts'
import { SwitchNotThrown } from '../../domain/errors.ts'
import type { SignedFetch } from './signed-fetch.ts'

const DEADLINE_MS = 5_000
const Side = z.enum(['stopped', 'on'])
const Position = z.object({ writes: Side, reads: Side, missions: z.array(z.string()).default([]) })

/** What salesforce-mcp itself stopped. */
export interface StoppedThere {
  writes: boolean
  reads: boolean
  /** Missions whose writes are stopped. */
  missions: readonly string[]
}

/** The switch of salesforce-mcp itself, wherever it runs. */
export interface SalesforceSwitch {
  /** Throws SwitchNotThrown when salesforce-mcp does not confirm. */
  stop(what: StoppableThere): Promise<void>
  /** Starts what the org-signed token is for. Throws SwitchNotThrown when salesforce-mcp refuses it or does not answer. */
  start(token: string): Promise<void>
  /** Null when salesforce-mcp does not answer. */
  position(): Promise<StoppedThere | null>
}

/** The switch of a salesforce-mcp in its own process. */
export function remoteSwitch(mcpUrl: string, signed: SignedFetch): SalesforceSwitch {
  const headers = { 'content-type': 'application/json' }
  const ask = (path: string, body?: object): Promise<Response> => {
    const init = body && { method: 'POST', body: JSON.stringify(body) }
    return signed(new URL(path, mcpUrl), { ...init, headers, signal: AbortSignal.timeout(DEADLINE_MS) })
  }
  const set = async (stopped: boolean, path: string, body: object): Promise<void> => {
    const answer = await ask(path, body).catch(() => null)
    if (answer?.ok) return
    throw new SwitchNotThrown(
      stopped,
      answer ? `salesforce-mcp answered ${answer.status}` : 'salesforce-mcp cannot be reached',
    )
  }
  return {
    stop: (what) => set(true, '/writes/stop', { what }),
    start: (decision) => set(false, '/writes/start', { decision }),
    async position() {
      try {
        const { writes, reads, missions } = Position.parse(await (await ask('/writes')).json())
        return { writes: writes === 'stopped', reads: reads === 'stopped', missions }
      } catch {
        return null
      }
    },
  }
}
