import { z } from 'zod'
import { OrgError } from '../../org/org.ts'
import type { ManagedSubscription } from '../../topics/event-catalog.ts'
import { managedRow } from '../../topics/tooling-rows.ts'
import { refusal } from '../../wire/http/errors.ts'
import { PubSubError } from '../../topics/status.ts'
import { noContent, ok, type RestContext, type RestRequest, type RestResponse } from './request/request.ts'

const Preset = z.enum(['LATEST', 'EARLIEST'])
/** What a client sends: the name, and the rest as the Metadata API has it. */
const Sent = z.looseObject({
  FullName: z.string().optional(),
  DeveloperName: z.string().optional(),
  Metadata: z.looseObject({
    label: z.string().optional(),
    topicName: z.string().optional(),
    defaultReplay: Preset.optional(),
    errorRecoveryReplay: Preset.optional(),
    state: z.enum(['RUN', 'STOP']).optional(),
  }),
})
/** Letters, digits and single underscores, beginning with a letter. */
const DEVELOPER_NAME = /^[A-Za-z](?:_?[A-Za-z0-9])*$/

/** `POST /tooling/sobjects/ManagedEventSubscription`. */
export function createManaged(request: RestRequest, context: RestContext): RestResponse {
  mayCustomize(context)
  const { FullName, DeveloperName, Metadata } = read(request.body)
  const developerName = FullName ?? DeveloperName ?? ''
  const { label = developerName, topicName = '', defaultReplay = 'LATEST', errorRecoveryReplay = 'LATEST' } = Metadata
  if (!DEVELOPER_NAME.test(developerName)) throw refusal.badInput(`Invalid name: ${developerName}`, 'INVALID_FULL_NAME')
  if (context.topics.managed.find(developerName)) {
    const message = `duplicate value found: DeveloperName duplicates value on record: ${developerName}`
    throw refusal.badInput(message, 'DUPLICATE_DEVELOPER_NAME')
  }
  const state = Metadata.state ?? 'RUN'
  const made = { developerName, label, topicName: known(topicName, context), defaultReplay, errorRecoveryReplay, state }
  const { id } = context.topics.managed.create(made)
  return { status: 201, body: { id, success: true, errors: [], warnings: [], infos: [] } }
}

/** `GET /tooling/sobjects/ManagedEventSubscription/{id}`. */
export function readManaged(_request: RestRequest, context: RestContext, id = ''): RestResponse {
  const { type, ...fields } = managedRow(found(id, context))
  return ok({ attributes: { type, url: `${context.base}/tooling/sobjects/${type}/${fields.Id}` }, ...fields })
}

/** `PATCH`: changes what the sent metadata names. */
export function changeManaged(request: RestRequest, context: RestContext, id = ''): RestResponse {
  mayCustomize(context)
  const before = found(id, context)
  const { Metadata } = read(request.body)
  const { topicName = before.topicName } = Metadata
  // Where a subscriber stands is a place in its topic.
  if (topicName !== before.topicName) throw refusal.badInput('The topic name cannot be changed', 'INVALID_INPUT')
  const { label, defaultReplay, errorRecoveryReplay, state } = { ...before, ...Metadata }
  context.topics.managed.change({ ...before, label, defaultReplay, errorRecoveryReplay, state })
  return noContent
}

export function deleteManaged(_request: RestRequest, context: RestContext, id = ''): RestResponse {
  mayCustomize(context)
  context.topics.managed.remove(found(id, context))
  return noContent
}

function read(body: unknown): z.infer<typeof Sent> {
  const sent = Sent.safeParse(body)
  if (!sent.success) throw refusal.badInput(z.prettifyError(sent.error))
  return sent.data
}

function found(id: string, { topics }: RestContext): ManagedSubscription {
  const one = id.startsWith('18x') ? topics.managed.find(id) : undefined
  if (!one) throw refusal.notFound()
  return one
}

function known(topicName: string, { topics }: RestContext): string {
  try {
    return topics.resolve(topicName).name
  } catch (error) {
    if (error instanceof PubSubError) throw refusal.badInput(`Invalid topic name: ${topicName}`, 'INVALID_INPUT')
    throw error
  }
}

/** An org asks for Customize Application, which here comes with Modify All Data. */
function mayCustomize({ org, caller }: RestContext): void {
  if (org.systemPermission(caller.userId, 'ModifyAllData')) return
  const message = 'insufficient access rights on entity: ManagedEventSubscription'
  throw new OrgError({ status: 403, errorCode: 'INSUFFICIENT_ACCESS', message })
}
