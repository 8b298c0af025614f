import { bandWords, counted, riskWords, until } from 'c/missionWords'
import type { DecisionView } from '../../../../../server/contract/http.ts'

export interface Heading {
  sentence: string
  identity: string
  risk: { word: string; icon: string }
  band: string
  badges: { code: string; label: string; className: string }[]
  counters: { name: string; text: string }[]
  expiry: string
}

/** The part of a decision that is always visible: sentence, identity, badges and counters. `now` in ms since 1970. */
export function headingOf(decision: DecisionView, now: number): Heading {
  const { fields, created, moves, lost, calls } = decision.counters
  const digest = decision.digest
  return {
    sentence: decision.sentence,
    identity: `${decision.mission} · v${decision.version} · ${digest.slice(0, 4)}…${digest.slice(-2)}`,
    risk: riskWords[decision.risk],
    band: bandWords[decision.band],
    badges: decision.badges.map(({ code, label, gated }) => ({
      code,
      label,
      className: gated ? 'slds-badge gated' : 'slds-badge',
    })),
    counters: [
      { name: 'fields', text: counted(fields, 'field changes', 'fields change') },
      ...(created > 0 ? [{ name: 'created', text: `${counted(created, 'record')} created` }] : []),
      { name: 'moves', text: counted(moves, 'record moves', 'records move') },
      { name: 'lost', text: counted(lost, 'value lost', 'values lost') },
      { name: 'calls', text: counted(calls, 'API call') },
    ],
    expiry: `Expires ${until(decision.expiresAt, now)}`,
  }
}

/** `Approve merge` for a change set of one kind of operation, else `Approve`. */
export function approveLabel(decision: DecisionView): string {
  const words: Record<string, string> = {
    update: 'update',
    changeOwner: 'owner change',
    create: 'new record',
    merge: 'merge',
    convertLead: 'conversion',
    delete: 'deletion',
  }
  const kinds = new Set(decision.changeSet.operations.map(({ kind }) => kind))
  const main = kinds.has('merge') ? 'merge' : kinds.size === 1 ? [...kinds][0] : undefined
  const word = main === undefined ? undefined : words[main]
  return word ? `Approve ${word}` : 'Approve'
}
