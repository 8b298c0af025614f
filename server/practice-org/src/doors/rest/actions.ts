// Invocable actions: the one this org has sends a bell notification.

import { Notification } from './request/notification.ts'
import { z } from 'zod'
import { refusal } from '../../wire/http/errors.ts'
import { soqlText } from '../../wire/rows/row.ts'
import { dated } from './request/conditional.ts'
import { ok, type RestContext, type RestRequest, type RestResponse } from './request/request.ts'

const NOTIFY = 'customNotificationAction'

/** `GET /actions`. */
export function listActionKinds(_request: RestRequest, { base }: RestContext): RestResponse {
  return ok({ standard: `${base}/actions/standard`, custom: `${base}/actions/custom` })
}

/** `GET /actions/standard`. */
export function listStandardActions(_request: RestRequest, { base }: RestContext): RestResponse {
  const url = `${base}/actions/standard/${NOTIFY}`
  return ok({ actions: [{ label: 'Send Custom Notification', name: NOTIFY, type: NOTIFY.toUpperCase(), url }] })
}

/** `GET /actions/custom`: the kinds, none of which has actions here. */
export function listCustomActions(_request: RestRequest, { base }: RestContext): RestResponse {
  const kinds = ['apex', 'emailAlert', 'flow', 'generatePromptResponse', 'quickAction']
  return ok(Object.fromEntries(kinds.map((kind) => [kind, `${base}/actions/custom/${kind}`])))
}

/** `GET /actions/custom/{kind}`. */
export const noActions = (): RestResponse => ok({ actions: [] })

const INPUTS: [name: string, type: string, required: boolean, many: boolean][] = [
  ['customNotifTypeId', 'STRING', true, false],
  ['recipientIds', 'STRING', true, true],
  ['title', 'STRING', true, false],
  ['body', 'STRING', true, false],
  ['targetId', 'STRING', false, false],
  ['targetPageRef', 'STRING', false, false],
]

/** `GET /actions/standard/customNotificationAction`. */
export function describeNotify(request: RestRequest, context: RestContext): RestResponse {
  return dated(request, context.startedAt, () => ok(DESCRIBED))
}

const DESCRIBED = describedAction()

function describedAction() {
  const inputs = INPUTS.map(([name, type, required, many]) => ({
    name,
    type,
    required,
    label: name,
    description: null,
    byteLength: 0,
    maxOccurs: many ? 500 : 1,
    sobjectType: null,
    apexClass: null,
    picklistValues: null,
  }))
  const outputs = [{ name: 'SuccessMessage', type: 'STRING', label: 'SuccessMessage', maxOccurs: 1, description: null }]
  return {
    name: NOTIFY,
    type: NOTIFY.toUpperCase(),
    label: 'Send Custom Notification',
    standard: true,
    inputs,
    outputs,
  }
}

const Inputs = z.object({ inputs: z.array(z.unknown()).min(1).max(200) })

/** `POST /actions/standard/customNotificationAction`: 400 when any of the inputs fails, each with its own result. */
export function notify(request: RestRequest, context: RestContext): RestResponse {
  const parsed = Inputs.safeParse(request.body)
  if (!parsed.success) throw refusal.badJson('inputs must be a list with at least one member at [line:1, column:1]')
  const results = parsed.data.inputs.map((input) => notifyOne(input, context))
  return { status: results.every(({ isSuccess }) => isSuccess) ? 200 : 400, body: results }
}

function notifyOne(input: unknown, context: RestContext) {
  const parsed = Notification.safeParse(input)
  if (!parsed.success) {
    const names = [...new Set(parsed.error.issues.map(({ path }) => String(path[0] ?? 'input')))]
    return failure('INVALID_API_INPUT', `Missing or invalid required input parameter: ${names.join(', ')}`)
  }
  const { customNotifTypeId, recipientIds } = parsed.data
  if (!hasRow(context, 'CustomNotificationType', customNotifTypeId)) {
    return failure('INVALID_API_INPUT', `Invalid notification type: ${customNotifTypeId}`)
  }
  const strangers = recipientIds.filter((id) => usersOf(context, id).length === 0 && !hasRow(context, 'Group', id))
  if (strangers.length > 0) return failure('INVALID_API_INPUT', `Invalid recipient: ${strangers.join(', ')}`)
  const userIds = [...new Set(recipientIds.flatMap((id) => usersOf(context, id)))]
  context.notified.push({ ...parsed.data, userIds })
  const outputValues = { SuccessMessage: 'Your custom notification is processed successfully.' }
  return { actionName: NOTIFY, errors: null, isSuccess: true, outputValues }
}

/** Who hears of it: a user, the members of a group or queue, an account's team or an opportunity's. */
function usersOf({ org, caller }: RestContext, id: string): string[] {
  const members: Record<string, string> = {
    '00G': `SELECT UserOrGroupId FROM GroupMember WHERE GroupId = ${soqlText(id)}`,
    '001': `SELECT UserId FROM AccountTeamMember WHERE AccountId = ${soqlText(id)}`,
    '006': `SELECT UserId FROM OpportunityTeamMember WHERE OpportunityId = ${soqlText(id)}`,
  }
  const soql = members[id.slice(0, 3)]
  if (soql === undefined) return org.user(id) ? [id] : []
  return org.query(caller, soql).records.flatMap((row) => {
    const member = String(row['UserOrGroupId'] ?? row['UserId'])
    return org.user(member) ? [member] : []
  })
}

function hasRow({ org, caller }: RestContext, object: string, id: string): boolean {
  return org.query(caller, `SELECT Id FROM ${object} WHERE Id = ${soqlText(id.slice(0, 15))}`).records.length > 0
}

function failure(statusCode: string, message: string) {
  return { actionName: NOTIFY, errors: [{ statusCode, message, fields: [] }], isSuccess: false, outputValues: null }
}
