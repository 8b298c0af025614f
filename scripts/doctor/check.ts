import type { BrainEnvironment } from '../../server/settings/brain-environment.ts'
import type { Grant } from '../../server/contract/grant.ts'
import type { OrgSession } from './org-session.ts'

/** `unknown`: it cannot be checked from here; the operator has to look. */
export interface Outcome {
  state: 'ok' | 'wrong' | 'unknown'
  detail: string
}

export interface Check {
  name: string
  /** Place in Setup, or in this project, to correct it. */
  where: string
  look(context: Context): Promise<Outcome> | Outcome
}

/** Findings of the first checks, for the later ones. */
export interface Context {
  settings: BrainEnvironment
  reader: OrgSession
  /** Null when salesforce-mcp is its own process and holds the writer's key. */
  writer: OrgSession | null
  /** Grants of every mission that could be activated. */
  grants: readonly Grant[]
  /** Objects whose creation or change starts a mission. */
  watched: readonly string[]
  /** Fields by which a mission's triggers find or tell apart records. */
  triggerFields: readonly { mission: string; object: string; field: string }[]
  /** Platform events that ask for a mission. */
  requests: readonly string[]
  /** True for the practice org, which has no Setup: checks of Setup are left out. */
  isPractice: boolean
}

export const ok = (detail: string): Outcome => ({ state: 'ok', detail })
export const wrong = (detail: string): Outcome => ({ state: 'wrong', detail })
export const unknown = (detail: string): Outcome => ({ state: 'unknown', detail })
