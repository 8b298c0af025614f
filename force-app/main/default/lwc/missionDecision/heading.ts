import { bandWords, counted, dayAndTime, expiry, riskWords } from 'c/missionWords'
import type { DecisionView } from '../../../../../server/contract/http.ts'

export interface Heading {
  sentence: string
  identity: string
  risk: { word: string; icon: string }
  band: string
  badges: { code: string; label: string; className: string }[]
  counters: { name: string; text: string }[]
}

/** The part of a decision that is always visible: sentence, identity, badges and counters. `now` in ms since 1970. */
export function headingOf(decision: DecisionView, now: number): Heading {
  const { fields, created, moves, lost, calls } = decision.counters
  const digest = decision.digest
  const waits = decision.status === 'open' && !decision.verdict
  return {
    sentence: decision.sentence,
    identity: [
      missionName(decision.mission),
      `v${decision.version}`,
      `${digest.slice(0, 4)}…${digest.slice(-2)}`,
      ...(waits ? [expiry(decision.expiresAt, now), dayAndTime(decision.expiresAt)] : []),
    ].join(' · '),
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
  }
}

/** `Stalled opportunity` for `stalled-opportunity`. */
function missionName(mission: string): string {
  const words = mission.replaceAll('-', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
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
