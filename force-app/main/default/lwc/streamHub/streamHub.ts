// The one live connection of a page: every component that wants news subscribes here.
import { BrainProblem, open } from 'c/missionSession'
import { markInvisibleIn } from 'c/visibleText'
import { StreamParser } from './sse'
import type { StreamEvent } from '../../../../../server/contract/http.ts'
import type { StreamMessage } from './sse'

export { coalesced } from './coalesced'

export type StreamState = 'connecting' | 'live' | 'reconnecting' | 'offline'
export interface StreamStatus {
  state: StreamState
  /** When the last byte came, in ms since 1970; null before the first. */
  receivedAt: number | null
  /** Seconds until the next try, when there is one. */
  retryIn: number | null
}
export interface Interest {
  record?: string | null
  run?: string | null
  decisions?: boolean
  /** Everything the person may see; the other members are then without effect. */
  everything?: boolean
}
interface Listener {
  /** `data` is the parsed JSON of an `observation`, `run` or `decision` event, its invisible characters marked. */
  onEvent?(name: StreamEvent, data: unknown): void
  /** What was loaded may have gaps: load it again. Also called when the stream opens for the first time. */
  onReset?(): void
  onStatus?(status: StreamStatus): void
}
export interface Subscription {
  want(interest: Interest): void
  retryNow(): void
  close(): void
}

/** A server that was only restarted is found again within three seconds; one that stays away is asked less and less. */
const BACK_OFF_SECONDS = [1, 2, 2, 3, 3, 3, 3, 3, 8, 15]
const SILENCE_MS = 12_000
/** From this try on the page no longer says that it is about to come back. */
const OFFLINE_AFTER = 8

const subscribers = new Set<{ interest: Interest; listener: Listener }>()
let status: StreamStatus = { state: 'connecting', receivedAt: null, retryIn: null }
let lastEventId: string | null = null
let attempt = 0
let renewNext = false
let openQuery: string | null = null
let connection: AbortController | null = null
let timer: ReturnType<typeof setTimeout> | null = null
let reviewing = false

/** Joins the page's stream; close the subscription when the component leaves the page. */
export function subscribe(interest: Interest, listener: Listener): Subscription {
  const subscriber = { interest, listener }
  if (subscribers.size === 0) document.addEventListener('visibilitychange', review)
  subscribers.add(subscriber)
  listener.onStatus?.(status)
  review()
  return {
    want(next) {
      subscriber.interest = next
      review()
    },
    retryNow() {
      attempt = 0
      stop()
      review()
    },
    close() {
      subscribers.delete(subscriber)
      if (subscribers.size === 0) document.removeEventListener('visibilitychange', review)
      review()
    },
  }
}

/** What all subscribers want together, as the stream's query; null without a subscriber. */
function wanted(): string | null {
  if (subscribers.size === 0 || document.hidden) return null
  const query = new URLSearchParams()
  const interests = [...subscribers].map(({ interest }) => interest)
  if (interests.some(({ everything }) => everything)) return ''
  for (const record of new Set(interests.map(({ record }) => record))) if (record) query.append('record', record)
  for (const run of new Set(interests.map(({ run }) => run))) if (run) query.append('run', run)
  if (interests.some(({ decisions }) => decisions)) query.append('decisions', '1')
  return query.toString()
}

/** Components come and go together when a page changes: the stream is looked at once, after all of them. */
function review(): void {
  if (reviewing) return
  reviewing = true
  void Promise.resolve().then(() => {
    reviewing = false
    const query = wanted()
    if (query === openQuery && (connection || timer)) return
    stop()
    if (subscribers.size === 0) lastEventId = null
    openQuery = query
    attempt = 0
    if (query !== null) void connect(query)
    else setStatus({ state: 'connecting', retryIn: null })
  })
}

function stop(): void {
  connection?.abort()
  connection = null
  if (timer) clearTimeout(timer)
  timer = null
}

async function connect(query: string): Promise<void> {
  const mine = new AbortController()
  connection = mine
  let silence: ReturnType<typeof setTimeout> | undefined
  const restartSilence = () => {
    clearTimeout(silence)
    silence = setTimeout(() => mine.abort(), SILENCE_MS)
  }
  let retry = true
  restartSilence()
  try {
    const body = await openStream(query, mine.signal)
    if (connection !== mine) return
    if (lastEventId === null) notify((listener) => listener.onReset?.())
    await read(body, mine, restartSilence)
  } catch (error) {
    retry = canRetry(error)
  } finally {
    clearTimeout(silence)
    mine.abort()
    if (connection === mine) {
      connection = null
      if (retry) later(query)
      else setStatus({ state: 'offline', retryIn: null })
    }
  }
}

async function openStream(query: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
  const session = await open({ renew: renewNext })
  renewNext = false
  const headers: Record<string, string> = { Accept: 'text/event-stream', Authorization: `Bearer ${session.token}` }
  if (lastEventId !== null) headers['Last-Event-ID'] = lastEventId
  const url = `${session.brainUrl}/api/v1/stream${query ? `?${query}` : ''}`
  const response = await fetch(url, { headers, signal, cache: 'no-store', credentials: 'omit' })
  if (response.ok && response.body) return response.body
  if (response.status === 401) renewNext = true
  throw new BrainProblem({ type: 'about:blank', title: '', status: response.status, detail: '' })
}

async function read(
  body: ReadableStream<Uint8Array>,
  mine: AbortController,
  restartSilence: () => void,
): Promise<void> {
  const reader = body.getReader()
  // An aborted fetch ends its body; a body that does not know of the abort is let go here.
  mine.signal.addEventListener('abort', () => void reader.cancel().catch(() => undefined))
  const parser = new StreamParser()
  const decoder = new TextDecoder()
  for (;;) {
    const { done, value } = await reader.read()
    if (done || connection !== mine) return
    restartSilence()
    attempt = 0
    setStatus({ state: 'live', receivedAt: Date.now(), retryIn: null })
    const messages = parser.push(decoder.decode(value, { stream: true }))
    if (parser.id !== null) lastEventId = parser.id
    messages.forEach(dispatch)
    if (renewNext) return
  }
}

function dispatch({ event: name, data }: StreamMessage): void {
  const event = name as StreamEvent
  if (event === 'renew') {
    renewNext = true
    return
  }
  if (event === 'reset') {
    notify((listener) => listener.onReset?.())
    return
  }
  let parsed: unknown
  try {
    parsed = markInvisibleIn(JSON.parse(data))
  } catch {
    return
  }
  notify((listener) => listener.onEvent?.(event, parsed))
}

/** A refusal other than an ended token, a full server or a slow one stays a refusal. */
function canRetry(error: unknown): boolean {
  if (!(error instanceof BrainProblem)) return true
  return error.status >= 500 || [401, 408, 425, 429].includes(error.status)
}

function later(query: string): void {
  if (renewNext && attempt === 0) {
    attempt = 1
    void connect(query)
    return
  }
  const seconds = BACK_OFF_SECONDS[Math.min(attempt, BACK_OFF_SECONDS.length - 1)] ?? 15
  attempt += 1
  setStatus({ state: attempt > OFFLINE_AFTER ? 'offline' : 'reconnecting', retryIn: seconds })
  const jitter = 0.75 + Math.random() / 2
  timer = setTimeout(
    () => {
      timer = null
      void connect(query)
    },
    seconds * jitter * 1000,
  )
}

function setStatus(change: Partial<StreamStatus>): void {
  const next = { ...status, ...change }
  const isChanged = next.state !== status.state || next.retryIn !== status.retryIn
  status = next
  if (isChanged) notify((listener) => listener.onStatus?.(status))
}

function notify(call: (listener: Listener) => void): void {
  for (const { listener } of [...subscribers]) call(listener)
}
