import type { Environment } from '../../server/brain/config/env.ts'
import type { Grant } from '../../server/contract/grant.ts'
import type { OrgSession } from './org-session.ts'

/** `unknown`: it cannot be told from here, look yourself. */
export interface Outcome {
  state: 'ok' | 'wrong' | 'unknown'
  detail: string
}

export interface Check {
  name: string
  /** Where in Setup, or in this project, it is put right. */
  where: string
  look(context: Context): Promise<Outcome> | Outcome
}

/** What the first checks found for the later ones. */
export interface Context {
  settings: Environment
  reader: OrgSession
  /** Null when the writer's key is with a salesforce-mcp of its own. */
  writer: OrgSession | null
  /** Of every mission that could be activated. */
  grants: readonly Grant[]
  /** Objects whose creation or change starts a mission. */
  watched: readonly string[]
  /** The practice org keeps no setup: what only a real org has cannot be looked at there. */
  isPractice: boolean
}

export const ok = (detail: string): Outcome => ({ state: 'ok', detail })
export const wrong = (detail: string): Outcome => ({ state: 'wrong', detail })
export const unknown = (detail: string): Outcome => ({ state: 'unknown', detail })
