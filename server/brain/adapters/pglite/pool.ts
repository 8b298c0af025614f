// PGlite behind what drizzle and BullMQ use of `pg.Pool`: its one session is lent to one transaction at a time, in its thread.
import { EventEmitter } from 'node:events'
import pg, { type CustomTypesConfig, type QueryConfig, type QueryResult } from 'pg'
import utils from 'pg/lib/utils.js'
import { refuseNestedUse } from '../postgres/session/nesting.ts'
import type { ThreadResult } from './protocol.ts'
import type { Session, Statement } from './session.ts'

type Question = string | (QueryConfig & { rowMode?: string; types?: CustomTypesConfig })

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
  within: Pick<Statement, 'transaction' | 'begin' | 'isLast'> = { transaction: null, begin: null, isLast: false },
) {
  const config = typeof question === 'string' ? { text: question } : question
  const values = params ?? (typeof question === 'string' ? undefined : question.values)
  const sent = values && values.length > 0 ? values.map(parameter) : null
  const answers = await session.query({ text: config.text, params: sent, ...within })
  const asArrays = 'rowMode' in config && config.rowMode === 'array'
  const types = ('types' in config && config.types) || pg.types
  const results = answers.map((answer) => resultOf(answer, asArrays, types))
  return results.length === 1 ? results[0] : results
}

/** The statement without leading comments, with which BullMQ's files begin. */
const textOf = (question: Question) =>
  (typeof question === 'string' ? question : question.text).replace(/^(\s*--[^\n]*\n)+/, '')

class EmbeddedClient extends EventEmitter {
  private readonly session: Session
  private readonly channels = new Set<string>()
  private readonly stopHearing: () => void
  private readonly newTransaction: () => number
  private transaction: number | null = null
  /** Sent with the first statement after it: a round trip costs more than most statements. */
  private begin: string | null = null

  constructor(session: Session, newTransaction: () => number) {
    super()
    this.session = session
    this.newTransaction = newTransaction
    this.stopHearing = session.onNotification((channel, payload) => {
      if (this.channels.has(channel)) this.emit('notification', { channel, payload, processId: 0 })
    })
  }

  async query(question: Question, params?: readonly unknown[]): Promise<unknown> {
    const text = textOf(question)
    this.hear(text)
    if (this.transaction !== null) return this.within(this.transaction, text, question, params)
    if (!BEGIN.test(text)) return ask(this.session, question, params)
    this.transaction = this.newTransaction()
    this.begin = text
    return BEGUN
  }

  private within(transaction: number, text: string, question: Question, params?: readonly unknown[]): Promise<unknown> {
    const { begin } = this
    const isLast = END.test(text)
    this.begin = null
    if (isLast) this.transaction = null
    return ask(this.session, question, params, { transaction, begin, isLast })
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
    if (this.transaction !== null) void this.query('rollback').catch(() => {})
  }
}

/**
 * Throws NestedUse when used from inside a store transaction. Drizzle recognises a pool by its class's name, which must
 * therefore end in `Pool`.
 */
export class EmbeddedPool extends EventEmitter {
  private readonly session: Session
  private transactions = 0
  readonly options = { keepAlive: true }

  constructor(session: Session) {
    super()
    this.session = session
  }

  async query(question: Question, params?: readonly unknown[]): Promise<unknown> {
    refuseNestedUse()
    return ask(this.session, question, params)
  }

  async connect(): Promise<EmbeddedClient> {
    refuseNestedUse()
    return new EmbeddedClient(this.session, () => (this.transactions += 1))
  }

  end(): Promise<void> {
    this.session.close()
    return Promise.resolve()
  }
}
