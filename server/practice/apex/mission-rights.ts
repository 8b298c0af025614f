import canonicalize from 'canonicalize'
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { AuraHandledException } from 'salesforce-practice-org/apex'
import type { Org } from 'salesforce-practice-org/org'

const Id = z.string().regex(/^[a-zA-Z0-9]{15}(?:[a-zA-Z0-9]{3})?$/)
const Name = z.string().regex(/^[A-Za-z]\w*$/)

/** One thing the approver must be able to do right now, as the page hands it to Apex. */
export const Right = z.discriminatedUnion('verb', [
  z.strictObject({ verb: z.literal('edit'), object: Name, id: Id, fields: z.array(Name) }),
  z.strictObject({ verb: z.literal('create'), object: Name, fields: z.array(Name) }),
  z.strictObject({ verb: z.literal('delete'), object: Name, id: Id }),
  z.strictObject({ verb: z.literal('undelete'), object: Name }),
  z.strictObject({ verb: z.literal('transfer'), object: Name, id: Id }),
  z.strictObject({ verb: z.literal('reassign'), object: Name, fields: z.array(Name) }),
  z.strictObject({ verb: z.literal('convert'), object: z.literal('Lead'), id: Id }),
])
export type Right = z.infer<typeof Right>

/** SHA-256 over the canonical JSON (RFC 8785) of the list: what the decision token carries of the rights. */
export function rightsHash(rights: Right[]): string {
  return createHash('sha256')
    .update(canonicalize(rights) ?? '', 'utf8')
    .digest('hex')
}

/**
 * Checks each right as the org grants it at this moment, to this user. Throws AuraHandledException that names the first one
 * that is missing.
 */
export function requireRights(org: Org, userId: string, rights: Right[]): void {
  for (const right of rights) {
    const missing = missingOf(org, userId, right)
    if (missing) throw new AuraHandledException(`You may not ${missing}.`)
  }
}

function missingOf(org: Org, userId: string, right: Right): string | null {
  switch (right.verb) {
    case 'edit':
      return org.recordAccess(userId, right.id).edit
        ? missingField(org, userId, right)
        : `edit ${right.object} ${right.id}`
    case 'create':
      return org.objectAccess(userId, right.object).create
        ? missingField(org, userId, right)
        : `create ${right.object} records`
    case 'delete':
      return org.recordAccess(userId, right.id).delete ? null : `delete ${right.object} ${right.id}`
    case 'undelete':
      return org.objectAccess(userId, right.object).delete ? null : `undelete ${right.object} records`
    case 'transfer':
      return org.recordAccess(userId, right.id).transfer ? null : `transfer ${right.object} ${right.id}`
    case 'reassign':
      return org.objectAccess(userId, right.object).edit
        ? missingField(org, userId, right)
        : `reassign ${right.object} records`
    case 'convert':
      return missingToConvert(org, userId, right.id)
  }
}

function missingField(
  org: Org,
  userId: string,
  right: { verb: string; object: string; fields: string[] },
): string | null {
  const field = right.fields.find((name) => !org.fieldAccess(userId, right.object, name).edit)
  return field === undefined ? null : `${right.verb} ${right.object}.${field}`
}

/** Converting makes an account and a contact out of the lead. */
function missingToConvert(org: Org, userId: string, leadId: string): string | null {
  if (!org.recordAccess(userId, leadId).edit) return `convert Lead ${leadId}`
  const object = ['Account', 'Contact'].find((name) => !org.objectAccess(userId, name).create)
  return object === undefined ? null : `convert Lead ${leadId}: it creates ${object} records`
}
