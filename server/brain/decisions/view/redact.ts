// Closing what a reader may not see: a leaf keeps its place in the digest, its value does not leave the brain.
import type { Evidence } from '../../../contract/change-set.ts'
import type { FieldValue } from '../../../contract/values/field-value.ts'
import { type Operation, touchedBy, isIn } from '../../../contract/operations/operation.ts'
import { close, listedBase, type Leaf, type OpenLeaf } from '../../../contract/seal.ts'
import type { ReadAccess } from '../../domain/phrase.ts'
import type { Proposal } from '../../domain/proposal.ts'
import { isRecordId } from '../../domain/record-id.ts'

/** The leaves as one reader gets them: open where the org would show the value, closed elsewhere. */
export function shownLeaves(leaves: readonly OpenLeaf[], proposal: Proposal, access: ReadAccess): Leaf[] {
  const hides = redactorOf(proposal, access)
  return leaves.map((leaf) => (hides(leaf.path, leaf.value) ? close(leaf) : leaf))
}

/** True of a leaf, by its path and value, that must stay closed for this reader. */
export function redactorOf(proposal: Proposal, access: ReadAccess): (path: string, value: unknown) => boolean {
  const secrets = hiddenTexts(proposal, access)
  const base = listedBase(proposal.base)
  return (path, value) => {
    const [top = '', index = '', ...rest] = path.slice(1).split('/')
    if (top === 'base') return !access.record(base[Number(index)]?.id ?? '')
    if (top === 'evidence') return hidesEvidence(proposal.evidence?.[Number(index)], access)
    if (top === 'assertions') return typeof value === 'string' && isRecordId(value) && !access.record(value)
    if (top !== 'operations') return false
    const operation = proposal.operations[Number(index)]
    return operation === undefined || hidesIn(operation, rest, value, { proposal, access, secrets })
  }
}

const hidesEvidence = (evidence: Evidence | undefined, access: ReadAccess): boolean =>
  !evidence || !access.record(evidence.id) || !access.field(`${evidence.object}.${evidence.field}`)

interface Judge {
  proposal: Proposal
  access: ReadAccess
  secrets: readonly string[]
}

function hidesIn(operation: Operation, rest: readonly string[], value: unknown, judge: Judge): boolean {
  const [first = '', name = ''] = rest
  if (first === 'kind' || first === 'object') return false
  const setsNothing = first === 'fields' && name === ''
  if (setsNothing) return isOwnRecordHidden(operation, judge.access)
  if (isOwnRecordHidden(operation, judge.access)) return true
  if (hidesText(value, judge)) return true
  if (first === 'fields' && 'fields' in operation) return hidesField(operation, name, rest[2] ?? '', judge)
  if (isIn('owners', operation) && ['from', 'to', 'source'].includes(first))
    return !judge.access.field(`${operation.object}.OwnerId`)
  return false
}

/** The record that is changed; a merge's losers are judged one by one. */
function isOwnRecordHidden(operation: Operation, access: ReadAccess): boolean {
  const [own] = touchedBy(operation)
  return own !== undefined && !access.record(own.id)
}

function hidesText(value: unknown, { access, secrets }: Judge): boolean {
  if (typeof value !== 'string') return false
  const id = value.startsWith('record:') ? value.slice('record:'.length) : value
  if (isRecordId(id)) return !access.record(id)
  return secrets.some((secret) => value.includes(secret))
}

type FieldOperation = Extract<Operation, { kind: 'update' | 'create' | 'merge' }>

function hidesField(operation: FieldOperation, field: string, part: string, judge: Judge): boolean {
  if (!judge.access.field(`${operation.object}.${field}`)) return true
  const change = operation.fields[field]
  if (!change || part === 'from') return false
  const source = /^record:(.+)$/.exec(change.source)?.[1]
  if (source && !judge.access.record(source)) return true
  return isIn('merge', operation) && comesFromHidden(operation.losers, field, change.to, judge)
}

/** A surviving value that only losers hidden from the reader had, under any rule. */
function comesFromHidden(losers: readonly string[], field: string, to: FieldValue, judge: Judge): boolean {
  const having = losers.filter((id) => judge.proposal.before[id]?.[field] === to)
  return having.length > 0 && having.every((id) => !judge.access.record(id))
}

/** Shortest text that gives a value away: shorter ones are in every sentence. */
const TELLING = 4

/** Names of hidden records and values of hidden fields, which composed text (a subject, a description) might repeat. */
function hiddenTexts(proposal: Proposal, access: ReadAccess): string[] {
  const names = Object.values(proposal.names).flatMap(({ id, name }) => (access.record(id) ? [] : [name]))
  const seen = new Set(Object.values(proposal.names).flatMap(({ id, name }) => (access.record(id) ? [name] : [])))
  const values = Object.entries(proposal.before).flatMap(([id, fields]) => {
    const object = proposal.names[id]?.object
    return Object.entries(fields).flatMap(([field, value]) => {
      const shown = access.record(id) && object !== undefined && access.field(`${object}.${field}`)
      if (shown && typeof value === 'string') seen.add(value)
      return shown || typeof value !== 'string' || isRecordId(value) ? [] : [value]
    })
  })
  return [...new Set([...names, ...values])].filter((text) => text.length >= TELLING && !seen.has(text))
}
