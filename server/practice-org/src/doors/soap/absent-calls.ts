// Calls that every org has, in an org whose features behind them are not set up.
import type { Caller, Org } from '../../org/org.ts'
import { refusal } from '../../wire/http/errors.ts'
import type { SoapCall } from './envelope.ts'
import { idReader, refused } from './row-calls.ts'
import { elements, text, texts } from '../../wire/xml/xml.ts'

const failure = (statusCode: string, message: string) => ({ fields: [], message, statusCode })

/** `sendEmail(messages)`: no mail leaves this org, which it says of each message as an org with deliverability off. */
export function sendEmail(call: SoapCall): unknown[] {
  const error = failure('NO_SINGLE_MAIL_PERMISSION', 'Single email is not enabled for your organization or profile.')
  return elements(call.body, 'messages').map((message) => ({
    errors: [{ ...error, targetObjectId: text(message, 'targetObjectId') ?? null }],
    success: false,
  }))
}

/** `process(actions)`: there is no approval process that a record could enter, so no work item either. */
export function process(call: SoapCall): unknown[] {
  return elements(call.body, 'actions').map((action) => {
    const entityId = text(action, 'objectId') ?? null
    const error = entityId
      ? failure('NO_APPLICABLE_PROCESS', 'No applicable approval process was found.')
      : failure('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id')
    return {
      actorIds: [],
      entityId,
      errors: [error],
      instanceId: null,
      instanceStatus: null,
      newWorkitemIds: [],
      success: false,
    }
  })
}

/** `setPassword` and `resetPassword`: everybody's password is the practice password. Throws OrgError. */
export function keepPassword(call: SoapCall, org: Org, caller: Caller): never {
  const [userId = ''] = texts(call.body, 'userId')
  const { object } = idReader(org, caller)(userId)
  if (object !== 'User') throw refused('INVALID_ID_FIELD', `id value of incorrect type: ${userId}`, [])
  throw refusal.badInput('Passwords cannot be changed in this org', 'FUNCTIONALITY_NOT_ENABLED')
}
