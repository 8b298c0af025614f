// The worker thread that holds PGlite: a slow statement blocks this thread, not the one that serves requests.
import { PGlite } from '@electric-sql/pglite'
import { parentPort, workerData } from 'node:worker_threads'
import { Exchange } from './exchange.ts'
import type { ThreadAnswer, ThreadQuestion, ThreadResult } from './protocol.ts'

if (!parentPort) throw new Error('this file runs as a worker thread')
const port = parentPort
const { folder } = workerData as { folder: string | null }

const pglite = await PGlite.create(folder === null ? {} : { dataDir: folder })
const exchange = new Exchange(pglite)
pglite.onNotification((channel, payload) => answer({ kind: 'notification', channel, payload }))

function answer(message: ThreadAnswer): void {
  port.postMessage(message)
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

async function run(question: Extract<ThreadQuestion, { kind: 'query' }>): Promise<ThreadResult[]> {
  const { begin, text, params } = question
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

port.on('message', (question: ThreadQuestion) => {
  const { id } = question
  const work = question.kind === 'query' ? run(question) : pglite.close().then((): ThreadResult[] => [])
  work
    .then((results) => answer({ kind: 'result', id, results }))
    .catch((error: unknown) => answer({ kind: 'error', id, error: failure(error) }))
})

answer({ kind: 'ready' })
