// The Metadata API as far as an org that nobody sets up has it: reading fields and their picklists.
import type { Request } from 'express'
import type { Caller, Org } from '../../org/org.ts'
import { bodyText } from '../../wire/http/body.ts'
import { refusal } from '../../wire/http/errors.ts'
import type { Usage } from '../../wire/http/usage.ts'
import { SoapFault } from '../../wire/xml/fault.ts'
import { signedInByToken } from '../../wire/sessions/bearer.ts'
import type { Sessions } from '../../wire/sessions/sessions.ts'
import { metadataResponseXml, parseEnvelope } from './envelope.ts'
import { readMetadata } from './read-metadata.ts'
import { versionOf } from './soap-version.ts'

export interface MetadataDoor {
  orgFor: (req: Request) => Org
  sessions: Sessions
  usage: Usage
}

/**
 * Answers one call. Throws SoapFault or OrgError: API_DISABLED_FOR_ORG, whose words are remembered only [K], for every call
 * but `readMetadata`, and INSUFFICIENT_ACCESS, whose words are seen [web], when the caller may not modify all data.
 */
export function answerMetadata(req: Request, door: MetadataDoor): string {
  const version = versionOf(req)
  const org = door.orgFor(req)
  const call = parseEnvelope(bodyText(req.body))
  if (!call.sessionId) throw refusal.badSession()
  const { user } = signedInByToken(call.sessionId, door.sessions, org)
  const { client } = call
  door.usage.add({ client, username: user.username, api: 'soap' })
  if (!org.systemPermission(user.id, 'ModifyAllData')) throw fault('INSUFFICIENT_ACCESS', NO_PERMISSION)
  if (call.method !== 'readMetadata') {
    throw fault('API_DISABLED_FOR_ORG', 'API is not enabled for this Organization or Partner')
  }
  const caller: Caller = { userId: user.id, api: 'soap', version, ...(client ? { client } : {}) }
  return metadataResponseXml(call.method, [{ records: readMetadata(call.body, org, caller) }])
}

const NO_PERMISSION = 'use of the Metadata API requires a user with the ModifyAllData or ModifyMetadata permissions'

const fault = (code: string, text: string): SoapFault => new SoapFault(`sf:${code}`, `${code}: ${text}`)
