// PGlite behind what drizzle and BullMQ use of `pg.Pool`: one session, lent to one transaction at a time.
import { EventEmitter } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import pg, { type CustomTypesConfig, type QueryConfig, type QueryResult } from 'pg'
import utils from 'pg/lib/utils.js'
import { refuseNestedUse } from '../postgres/session/nesting.ts'
import type { ThreadResult } from './protocol.ts'
import type { Session } from './session.ts'

type Question = string | (QueryConfig & { rowMode?: string; types?: CustomTypesConfig })

const END_MS = 500
const BEGIN = /^\s*(begin|start\s+transaction)\b[^;]*;?\s*$/i
const END = /^\s*(commit|end|rollback(?!\s+to\b)|abort)\b|;\s*commit\s*$/i
/** Result of `begin`. */
const BEGUN = { rows: [], rowCount: null, command: 'BEGIN', fields: [], oid: 0 }
const LISTEN = /^\s*(un)?listen\s+(?:"((?:[^"]|"")+)"|([\w$]+|\*))\s*;?\s*$/i

function parameter(value: unknown): string | null {
  const prepared = utils.prepareValue(value)
  if (prepared === null || typeof prepared === 'string') return prepared
  return `\\x${prepared.toString('hex')}`
}

function resultOf(raw: ThreadResult, asArrays: boolean, types: CustomTypesConfig): QueryResult {
  const parse = raw.fields.map(({ dataTypeID }) => types.getTypeParser(dataTypeID, 'text') as (text: string) => unknown)
  const rows = raw.rows.map((row) => {
    const values = row.map((text, index) => (text === null ? null : parse[index]?.(text)))
    return asArrays ? values : Object.fromEntries(raw.fields.map(({ name }, index) => [name, values[index]]))
  })
  return { rows, rowCount: raw.rowCount, command: raw.command, fields: raw.fields, oid: 0 } as unknown as QueryResult
}

async function ask(
  session: Session,
  question: Question,
  params: readonly unknown[] | undefined,
  begin: string | null = null,
) {
  const config = typeof question === 'string' ? { text: question } : question
  const values = params ?? (typeof question === 'string' ? undefined : question.values)
  const sent = values && values.length > 0 ? values.map(parameter) : null
  const answers = await session.query(config.text, sent, begin)
  const asArrays = 'rowMode' in config && config.rowMode === 'array'
  const types = ('types' in config && config.types) || pg.types
  const results = answers.map((answer) => resultOf(answer, asArrays, types))
  return results.length === 1 ? results[0] : results
}

/** The statement without leading comments, with which BullMQ's files begin. */
const textOf = (question: Question) =>
  (typeof question === 'string' ? question : question.text).replace(/^(\s*--[^\n]*\n)+/, '')

/** Lends the session: its holder uses it alone until it releases it. */
class Turnstile {
  private tail: Promise<void> = Promise.resolve()
  take(): Promise<() => void> {
    const before = this.tail
    let leave = () => {}
    this.tail = new Promise((resolve) => (leave = resolve))
    return before.then(() => leave)
  }
}

class EmbeddedClient extends EventEmitter {
  private readonly session: Session
  private readonly turnstile: Turnstile
  private readonly channels = new Set<string>()
  private readonly stopHearing: () => void
  private leave: (() => void) | null = null
  /** Sent with the first statement after it: a round trip costs more than most statements. */
  private begin: string | null = null

  constructor(session: Session, turnstile: Turnstile) {
    super()
    this.session = session
    this.turnstile = turnstile
    this.stopHearing = session.onNotification((channel, payload) => {
      if (this.channels.has(channel)) this.emit('notification', { channel, payload, processId: 0 })
    })
  }

  async query(question: Question, params?: readonly unknown[]): Promise<unknown> {
    const text = textOf(question)
    this.hear(text)
    if (this.leave) return this.within(text, question, params)
    const leave = await this.turnstile.take()
    if (BEGIN.test(text)) {
      this.leave = leave
      this.begin = text
      return BEGUN
    }
    try {
      return await ask(this.session, question, params)
    } finally {
      leave()
    }
  }

  /** Inside this client's own transaction: the session is already ours. */
  private async within(text: string, question: Question, params?: readonly unknown[]): Promise<unknown> {
    const { begin } = this
    this.begin = null
    try {
      return await ask(this.session, question, params, begin)
    } finally {
      if (END.test(text)) this.giveBack()
    }
  }

  private giveBack(): void {
    this.leave?.()
    this.leave = null
    this.begin = null
  }

  private hear(text: string): void {
    const match = LISTEN.exec(text)
    if (!match) return
    const channel = match[2]?.replaceAll('""', '"') ?? match[3]?.toLowerCase() ?? ''
    if (!match[1]) this.channels.add(channel)
    else if (channel === '*') this.channels.clear()
    else this.channels.delete(channel)
  }

  release(): void {
    this.stopHearing()
    this.channels.clear()
    if (this.leave) void this.query('rollback').catch(() => this.giveBack())
  }
}

/**
 * Throws NestedUse when used from inside a store transaction. Drizzle recognises a pool by its class's name, which must
 * therefore end in `Pool`.
 */
export class EmbeddedPool extends EventEmitter {
  private readonly session: Session
  private readonly turnstile = new Turnstile()
  readonly options = { keepAlive: true }

  constructor(session: Session) {
    super()
    this.session = session
  }

  async query(question: Question, params?: readonly unknown[]): Promise<unknown> {
    refuseNestedUse()
    const leave = await this.turnstile.take()
    try {
      return await ask(this.session, question, params)
    } finally {
      leave()
    }
  }

  connect(): Promise<EmbeddedClient> {
    refuseNestedUse()
    return Promise.resolve(new EmbeddedClient(this.session, this.turnstile))
  }

  /** Waits a moment for the holder of the session, then closes the database: the next start rolls back what was not committed. */
  async end(): Promise<void> {
    await Promise.race([this.turnstile.take(), sleep(END_MS, undefined, { ref: false })])
    await this.session.close()
  }
}
