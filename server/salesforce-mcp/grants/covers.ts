import type { SealedDocument } from '../../contract/change-set.ts'
import {
  createdBy,
  fieldsSetBy,
  grantedAs,
  isIn,
  objectOf,
  reassignedBy,
  touchedBy,
  type Operation,
} from '../../contract/operations/operation.ts'
import { grantHash, type Grant } from '../../contract/grant.ts'
import { ToolFailure } from '../failure/failure.ts'

/**
 * Why an operation is outside the grant: its object, kind or fields, objects whose owners it takes along, or too many records
 * in all; null when all are inside.
 */
export function outsideGrant(grant: Grant, operations: readonly Operation[]): string | null {
  for (const operation of operations) {
    const object = objectOf(operation)
    const writes = writesOf(grant, object)
    if (!grantedAs(operation).some((kind) => writes?.kinds.some((each) => each === kind)))
      return `the grant does not allow ${operation.kind} on ${object}`
    // A granted change of owner is a grant of OwnerId in this way only: a plain update of it wants the field as well.
    const fields = isIn('owners', operation) ? [] : fieldsSetBy(operation)
    const field = fields.find((name) => !writes?.fields.includes(name))
    if (field) return `the grant does not write ${object}.${field}`
    const along = reassignedBy(operation).find((name) => !writesOf(grant, name)?.kinds.includes('changeOwner'))
    if (along) return `the grant does not allow changeOwner on ${along}, which moves along with ${object}`
  }
  const records = touchedIds(operations).size + operations.filter((operation) => createdBy(operation) !== null).length
  if (records <= grant.limits.records) return null
  return `the change set touches ${records} records, the grant allows ${grant.limits.records}`
}

const writesOf = (grant: Grant, object: string) =>
  Object.hasOwn(grant.writes, object) ? grant.writes[object] : undefined

/** Throws `not-granted` unless every operation is inside the grant. */
export function assertCovered(grant: Grant, operations: readonly Operation[]): void {
  const reason = outsideGrant(grant, operations)
  if (reason !== null) throw notGranted(reason)
}

/** Throws `not-granted` unless the document names this grant and its mission. */
export function assertNamed(grant: Grant, document: SealedDocument): void {
  if (document.grant !== grantHash(grant)) throw notGranted('the change set names another grant')
  if (document.mission !== grant.mission || document.missionVersion !== grant.version) {
    throw notGranted(`the change set names ${document.mission}@${document.missionVersion}, which is not the grant's`)
  }
}

/** Objects by id of the records operations change: survivors and losers of merges, but not the records a merge moves. */
export function touchedIds(operations: readonly Operation[]): Map<string, string> {
  return new Map(operations.flatMap(touchedBy).map(({ object, id }) => [id, object]))
}

function notGranted(reason: string): ToolFailure {
  return new ToolFailure('not-granted', reason, { isBreach: true })
}
