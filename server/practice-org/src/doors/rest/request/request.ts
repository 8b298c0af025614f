import type { Caller, Org } from '../../../org/org.ts'
import type { Notification } from './notification.ts'
import type { Topics } from '../../../topics/topics.ts'
import type { Descriptions } from './descriptions.ts'
import type { Pieces } from './pieces.ts'

/** One REST call below `/services/data/vNN.N`, from the wire or as a sub-request of a composite. */
export interface RestRequest {
  method: string
  /** Decoded path segments after the version. */
  segments: string[]
  query: URLSearchParams
  /** Parsed JSON; undefined when there was no body. */
  body: unknown
  /** Binary parts of a multipart body by name. */
  files?: ReadonlyMap<string, Buffer>
  /** Lower-case names. */
  headers: Record<string, string | undefined>
}

export interface RestResponse {
  status: number
  body?: unknown
  /** Instead of a body: the content of a blob, with its type among the headers. */
  bytes?: Buffer
  headers?: Record<string, string>
}

/** Streaming clients there are, and what was delivered to subscribers within a day. */
export interface StreamingUse {
  clients: number
  events: number
  pushTopics: number
  generic: number
}

export interface RestContext {
  org: Org
  caller: Caller
  /** `/services/data/v62.0`. */
  base: string
  instanceUrl: string
  topics: Topics
  /** The org's clock in epoch ms. */
  now: () => number
  /** Epoch ms; what actions take has not changed since. */
  startedAt: number
  /** Since when objects are described as they are. */
  descriptions: Descriptions
  /** Bell notifications sent so far. */
  notified: Notification[]
  usage: { limit: number; total: number }
  streaming: () => StreamingUse
  /** An all-or-none composite is open around this call. */
  inTransaction: boolean
}

/** Calls that hold many others answer in pieces. */
export type RestHandler = (
  request: RestRequest,
  context: RestContext,
  ...captured: string[]
) => RestResponse | Pieces<RestResponse>

export const ok = (body: unknown): RestResponse => ({ status: 200, body })
export const noContent: RestResponse = { status: 204 }
