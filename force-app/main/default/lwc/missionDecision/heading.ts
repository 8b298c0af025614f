import {
  bandWords,
  dayAndTime,
  expiry,
  formatCount,
  formatLabel,
  riskWords,
  sharedLabels,
  undoWords,
} from 'c/missionWords'
import type { ChangeSet } from 'c/changeSetRows'
import type { DecisionView } from '../../../../../server/contract/http.ts'
import { labels } from './labels'

type Counted = Pick<ChangeSet, 'counts' | 'kinds'>

export interface Heading {
  sentence: string
  identity: string
  risk: { word: string; icon: string }
  band: string
  badges: { code: string; label: string; className: string }[]
  counters: { name: string; text: string }[]
  /** How much of the change set this reader may not see; null when nothing is withheld. */
  hidden: string | null
  /** The undo in one word; the whole sentence is among the effects. */
  undo: string
  /** `Approve merge` for a change set of one kind of operation, else `Approve`. */
  approve: string
}

/** The texts of a decision that are always visible; what is counted comes from its leaves. `now` in ms since 1970. */
export function headingOf(decision: DecisionView, { counts, kinds }: Counted, now: number): Heading {
  const { fields, created, moves, calls, hidden } = counts
  const { lost } = decision.counters
  const digest = decision.digest
  const waits = decision.status === 'open' && !decision.verdict
  return {
    sentence: decision.sentence,
    identity: [
      missionName(decision.mission),
      formatLabel(sharedLabels.version, String(decision.version)),
      `${digest.slice(0, 4)}…${digest.slice(-2)}`,
      ...(decision.notBefore ? [formatLabel(labels.notBefore, dayAndTime(decision.notBefore))] : []),
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
      { name: 'fields', text: formatCount(fields, labels.fieldsOne, labels.fieldsMany) },
      ...(created > 0 ? [{ name: 'created', text: formatCount(created, labels.createdOne, labels.createdMany) }] : []),
      { name: 'moves', text: formatCount(moves, labels.movesOne, labels.movesMany) },
      { name: 'lost', text: formatCount(lost, labels.lostOne, labels.lostMany) },
      { name: 'calls', text: formatCount(calls, sharedLabels.apiCallsOne, sharedLabels.apiCallsMany) },
    ],
    hidden: hidden === 0 ? null : formatCount(hidden, labels.hiddenOne, labels.hiddenMany),
    undo: undoWords[decision.undo.class],
    approve: approveLabel(kinds),
  }
}

/** `Stalled opportunity` for `stalled-opportunity`. */
function missionName(mission: string): string {
  const words = mission.replaceAll('-', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

const approveLabels: Record<string, string> = {
  update: labels.approveUpdate,
  changeOwner: labels.approveOwner,
  create: labels.approveCreate,
  merge: labels.approveMerge,
  convertLead: labels.approveConvert,
  delete: labels.approveDelete,
  undelete: labels.approveUndelete,
}

function approveLabel(kinds: readonly string[]): string {
  const main = kinds.includes('merge') ? 'merge' : kinds.length === 1 ? kinds[0] : undefined
  return (main && approveLabels[main]) ?? labels.approve
}
