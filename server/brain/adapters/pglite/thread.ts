// The worker thread that holds PGlite: a slow statement blocks this thread, not the one that serves requests.
import { PGlite } from '@electric-sql/pglite'
import { setTimeout as sleep } from 'node:timers/promises'
import { parentPort, workerData, type MessagePort } from 'node:worker_threads'
import { Exchange } from './exchange.ts'
import { Lending, type Borrower } from './lending.ts'
import { OwnFiles } from './own-files.ts'
import type { ThreadAnswer, ThreadNotice, ThreadOrder, ThreadQuestion, ThreadResult } from './protocol.ts'

if (!parentPort) throw new Error('this file runs as a worker thread')
const owner = parentPort
const { folder } = workerData as { folder: string | null }
/** How long closing waits for a transaction: the next start rolls back what was not committed. */
const CLOSE_MS = 500

const pglite = await PGlite.create(folder === null ? {} : { fs: new OwnFiles(folder) })
const exchange = new Exchange(pglite)
const clients = new Set<MessagePort>()
const lending = new Lending(async () => void (await exchange.simple('rollback').catch(() => {})))

pglite.onNotification((channel, payload) => {
  for (const port of clients) answer(port, { kind: 'notification', channel, payload })
})

function answer(port: MessagePort, message: ThreadAnswer): void {
  port.postMessage(message)
}

function notify(notice: ThreadNotice): void {
  owner.postMessage(notice)
}

interface RawResult {
  rows: unknown[]
  fields: { name: string; dataTypeID: number }[]
  affectedRows?: number
  rowCount?: number
  command?: string
}

const plain = ({ rows, fields, affectedRows, rowCount, command }: RawResult): ThreadResult => ({
  rows: rows as (string | null)[][],
  fields: fields.map(({ name, dataTypeID }) => ({ name, dataTypeID })),
  rowCount: rowCount ?? affectedRows ?? null,
  command: command ?? '',
})

async function run({ begin, text, params }: ThreadQuestion): Promise<ThreadResult[]> {
  if (begin !== null) await exchange.simple(begin)
  return (params === null ? await exchange.simple(text) : await exchange.asked(text, params)).map(plain)
}

const FIELDS = ['code', 'detail', 'hint', 'severity', 'constraint', 'table', 'column', 'schema', 'where'] as const

function failure(error: unknown): Record<string, string> {
  const told: Record<string, string> = { message: error instanceof Error ? error.message : String(error) }
  if (typeof error !== 'object' || error === null) return told
  for (const [name, value] of Object.entries(error))
    if (FIELDS.some((field) => field === name) && typeof value === 'string') told[name] = value
  return told
}

/** Serves a client until its port is closed, also by the end of its thread. */
function serve(port: MessagePort): void {
  const borrower: Borrower = {
    async run(question) {
      const { id } = question
      try {
        answer(port, { kind: 'result', id, results: await run(question) })
      } catch (error) {
        answer(port, { kind: 'error', id, error: failure(error) })
      }
    },
  }
  clients.add(port)
  port.on('message', (question: ThreadQuestion) => lending.ask(borrower, question))
  port.once('close', () => {
    clients.delete(port)
    lending.leave(borrower)
  })
}

async function close(): Promise<void> {
  await Promise.race([lending.idle(), sleep(CLOSE_MS)])
  await pglite.close()
  notify('closed')
}

owner.on('message', (order: ThreadOrder) => {
  if (order.kind === 'client') serve(order.port)
  else void close()
})

notify('ready')
