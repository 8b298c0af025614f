// What an undo puts back and what it leaves, in words: counts for everybody, names for those who may read them.
import type { Proposal } from '../../domain/proposal.ts'
import type { Phrase, Shown } from '../../domain/phrase.ts'
import type { RecordKey } from '../../../contract/values/ids.ts'
import { revivedBy } from '../../../contract/operations/operation.ts'
import type { Stay, UndoPlan } from './plan-parts.ts'

const countOf = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`

function listed(pieces: readonly string[]): string {
  return pieces.length < 2 ? (pieces[0] ?? '') : `${pieces.slice(0, -1).join(', ')} and ${pieces.at(-1)}`
}

/** Class and sentence of a plan, without anything read from the org. */
export function undoStatement(plan: UndoPlan): Proposal['undo'] {
  const gone = remaining(plan.stays)
  const rest = gone.length > 0 ? ` Won't come back: ${gone.join('; ')}.` : ''
  if (plan.class === 'none') return { class: 'none', sentence: `Undo: none.${rest}` }
  return { class: plan.class, sentence: `Undo: ${plan.class}. ${putsBack(plan)}${deadline(plan)}.${rest}` }
}

/** The org keeps what is to be restored for so long. */
const deadline = ({ operations }: UndoPlan): string =>
  operations.some(({ kind }) => kind === 'undelete') ? ', within 15 days' : ''

/** `Puts back 9 values and 1 owner, restores 1 merged record, moves back 4 records and deletes 1 added record`. */
export function putsBack({ operations }: Pick<UndoPlan, 'operations'>): string {
  const revived = operations.flatMap(revivedBy)
  const ids = new Set<unknown>(revived.map(({ record }) => record.id))
  const changes = operations.flatMap((op) => (op.kind === 'update' ? Object.values(op.fields) : []))
  const moves = changes.filter(({ to }) => ids.has(to)).length
  const values = changes.length - moves
  const merged = revived.filter(({ mergedInto }) => mergedInto !== null).length
  const deleted = revived.length - merged
  const owners = operations.filter(({ kind }) => kind === 'changeOwner').length
  const deletes = operations.filter(({ kind }) => kind === 'delete').length
  const back = [...(values > 0 ? [countOf(values, 'value')] : []), ...(owners > 0 ? [countOf(owners, 'owner')] : [])]
  const parts = [
    ...(back.length > 0 ? [`puts back ${listed(back)}`] : []),
    ...(merged > 0 ? [`restores ${countOf(merged, 'merged record')}`] : []),
    ...(deleted > 0 ? [`restores ${countOf(deleted, 'deleted record')}`] : []),
    ...(moves > 0 ? [`moves back ${countOf(moves, 'record')}`] : []),
    ...(deletes > 0 ? [`deletes ${countOf(deletes, 'added record')}`] : []),
  ]
  const text = listed(parts)
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}

/** One piece per kind of thing that does not come back. */
function remaining(stays: readonly Stay[]): string[] {
  const of = <W extends Stay['why']>(...whys: W[]) =>
    stays.filter((stay): stay is Extract<Stay, { why: W }> => whys.some((why) => why === stay.why))
  const some = (list: readonly Stay[], say: (count: string) => string, noun = 'value') =>
    list.length > 0 ? [say(countOf(list.length, noun))] : []
  const moved = (why: 'moved' | 'too-many') => of(why).reduce((sum, { count }) => sum + count, 0)
  const objects = (list: readonly { record: RecordKey }[]) => [...new Set(list.map(({ record }) => record.object))]
  return [
    ...(moved('moved') > 0 ? [`${countOf(moved('moved'), 'moved record')} that this mission may not move back`] : []),
    ...(moved('too-many') > 0
      ? [`${countOf(moved('too-many'), 'moved record')} beyond the mission's limit of records`]
      : []),
    ...(of('merge-drops').length > 0 ? [MERGE_DROPS] : []),
    ...some(of('purged'), (count) => `${count} no longer in the Recycle Bin`, 'record'),
    ...some(of('ended-again'), (count) => `${count} restored and ended again since`, 'record'),
    ...some(of('cleared'), (count) => `${count} that the org cleared`),
    ...(of('restored').length > 0 ? [`the restored ${listed(objects(of('restored')))}, which stays`] : []),
    ...some(of('deleted'), (count) => `${count} (15 days in the Recycle Bin)`, 'deleted record'),
    ...some(of('lead-converted'), () => 'the conversion of the lead'),
    ...(of('created').length > 0 ? [`the new ${listed(objects(of('created')))}, which stays`] : []),
    ...some(of('worked-on'), (count) => `${count} that somebody worked on`, 'new record'),
    ...some(of('unfound'), (count) => `${count} that cannot be told apart`, 'new record'),
    ...some(of('changed'), (count) => `${count} that somebody changed since`),
    ...some(of('not-granted'), (count) => `${count} that this mission may not write alone`),
    ...some(of('unread'), (count) => `${count} that cannot be read now`),
    ...some(of('converted'), (count) => `${count} of a lead that is converted by now`),
    ...some(of('inactive'), (count) => `${count} who is no longer active`, 'owner'),
    ...some(of('gone'), (count) => `the values of ${count} that no longer exists`, 'record'),
    ...some(of('transferred'), () => 'what moved along with an owner'),
    ...some(of('team'), () => 'team members removed with the owner'),
  ]
}

/** One thing that stays, as a line about its record: the name only for those who may read it. */
export function sayStay(stay: Stay, names: Proposal['names'], labels: Proposal['labels']): Phrase {
  const name = ({ object, id }: RecordKey) => ({ text: names[id]?.name ?? object, record: { object, id } })
  if (stay.why === 'unfound') return [`The new ${stay.object} cannot be told apart, so it stays`]
  if ('count' in stay) {
    const why =
      stay.why === 'moved' ? 'this mission may not move them back' : 'the mission’s limit of records is reached'
    return [`Moved and not moved back: ${countOf(stay.count, `${stay.object} record`)}; ${why}`]
  }
  const subject = name(stay.record)
  if ('field' in stay) {
    return [labelled(stay.record, stay.field, labels), ' of ', subject, FIELD_STAYS[stay.why]]
  }
  return [subject, RECORD_STAYS[stay.why]]
}

/** A field's label, only for those who may read the field: that it changed is news as well. */
export function labelled(record: RecordKey, field: string, labels: Proposal['labels']): Shown {
  const name = `${record.object}.${field}`
  return { text: labels[name] ?? field, record: { object: record.object, id: record.id }, field: name }
}

/** Not known to the mission by name: what a merge changes beyond values and moves that were read. */
const MERGE_DROPS =
  'what else the merge changed (oldest creation date, teams, related records the mission does not read)'

const FIELD_STAYS: Record<Extract<Stay, { field: string }>['why'], string> = {
  changed: ' was changed since, so it stays',
  unread: ' cannot be read now, so it stays',
  'not-granted': ' stays: this mission may not write it alone',
  converted: ' stays: the lead is converted by now',
  cleared: ' was cleared by the org when the record ended, so it stays blank',
  inactive: ' stays: the owner before is no longer active',
}

type RecordStay = Exclude<Stay, { field: string } | { why: 'unfound' | 'moved' | 'too-many' }>['why']

const RECORD_STAYS: Record<RecordStay, string> = {
  gone: ' no longer exists, so its values stay gone',
  created: ' was created and stays: this mission may not delete it',
  'worked-on': ' was created, and somebody worked on it: it stays',
  deleted: ' stays deleted; the Recycle Bin keeps it for 15 days',
  purged: ' is no longer in the Recycle Bin, so it stays gone',
  'ended-again': ' was restored and ended again since, so it stays as it is',
  restored: ' was restored and stays: this mission may not delete it',
  'merge-drops': ': what else the merge changed stays: oldest creation date, teams, related records that were not read',
  transferred: ': what moved along with the owner stays where it is',
  team: ': team members removed with the owner stay removed',
  'lead-converted': ' stays converted',
}
