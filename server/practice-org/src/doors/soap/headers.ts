// What the header of a SOAP call asks for beyond its session.
import { normalizeId } from '../../schema/ids.ts'
import type { WriteOptions } from '../../org/org.ts'
import { refusal } from '../../wire/http/errors.ts'
import { child, elements, flag, text, texts, type XmlElement } from '../../wire/xml/xml.ts'

/** Options of one call; headers that are not here (email, locale, package versions) change nothing in this org. */
export interface SoapOptions {
  sessionId?: string
  client?: string
  allOrNone: boolean
  batchSize?: number
  /** Texts that are too long are cut instead of refused. */
  allowTruncation: boolean
  /** `findDuplicates` shows the found records, not only their ids. */
  includeRecordDetails: boolean
  /** What is created or changed counts as viewed. */
  updateMru: boolean
  write: WriteOptions
}

/** Throws OrgError MALFORMED_ID or INVALID_ASSIGNMENT_RULE: this org has no assignment rules that could be named. */
export function readOptions(header: XmlElement): SoapOptions {
  const batchSize = Number(text(child(header, 'QueryOptions'), 'batchSize'))
  checkAssignmentRule(text(child(header, 'AssignmentRuleHeader'), 'assignmentRuleId'))
  return {
    sessionId: text(child(header, 'SessionHeader'), 'sessionId'),
    client: text(child(header, 'CallOptions'), 'client'),
    allOrNone: flag(child(header, 'AllOrNoneHeader'), 'allOrNone'),
    ...(batchSize > 0 ? { batchSize: Math.min(2000, Math.max(200, batchSize)) } : {}),
    allowTruncation: flag(child(header, 'AllowFieldTruncationHeader'), 'allowFieldTruncation'),
    includeRecordDetails: flag(child(header, 'DuplicateRuleHeader'), 'includeRecordDetails'),
    updateMru: flag(child(header, 'MruHeader'), 'updateMru'),
    write: writeOptions(header),
  }
}

function checkAssignmentRule(id: string | undefined): void {
  if (!id) return
  if (normalizeId(id) === undefined) throw refusal.badInput(`malformed id ${id}`, 'MALFORMED_ID')
  throw refusal.badInput(`No assignment rule with id ${id}`, 'INVALID_ASSIGNMENT_RULE')
}

function writeOptions(header: XmlElement): WriteOptions {
  const owner = elements(child(header, 'OwnerChangeOptions'), 'options').flatMap((option) => {
    const [type] = texts(option, 'type')
    return type ? [[type, flag(option, 'execute')] as const] : []
  })
  return {
    ...(flag(child(header, 'DuplicateRuleHeader'), 'allowSave') ? { allowSaveOnDuplicate: true } : {}),
    ...(owner.length > 0 ? { ownerChange: Object.fromEntries(owner) } : {}),
  }
}
