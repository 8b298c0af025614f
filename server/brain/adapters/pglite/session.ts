import { EventEmitter } from 'node:events'
import { Worker } from 'node:worker_threads'
import pg from 'pg'
import type { ThreadAnswer, ThreadQuestion, ThreadResult } from './protocol.ts'

/** The one session of an embedded database: queries in, results out, and notifications as events. */
export interface Session {
  /** `begin` is a statement to run first; its result is dropped. */
  query(text: string, params: (string | null)[] | null, begin?: string | null): Promise<ThreadResult[]>
  onNotification(listener: (channel: string, payload: string) => void): () => void
  close(): Promise<void>
}

interface Waiting {
  resolve(results: ThreadResult[]): void
  reject(error: Error): void
}

function databaseError(told: Record<string, string>): Error {
  return Object.assign(new pg.DatabaseError(told.message ?? 'error', 0, 'error'), told)
}

/** Starts PGlite in a worker thread on `folder`, or in memory when it is null. */
export async function openSession(folder: string | null): Promise<Session> {
  const worker = new Worker(new URL('./thread.ts', import.meta.url), { workerData: { folder } })
  const waiting = new Map<number, Waiting>()
  const news = new EventEmitter().setMaxListeners(0)
  let next = 1
  let ended: Error | null = null

  const fail = (error: Error) => {
    ended ??= error
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  }
  const ready = new Promise<void>((resolve, reject) => {
    worker.on('message', (message: ThreadAnswer) => {
      if (message.kind === 'ready') return resolve()
      if (message.kind === 'notification') return void news.emit('notification', message.channel, message.payload)
      const asker = waiting.get(message.id)
      waiting.delete(message.id)
      if (message.kind === 'result') asker?.resolve(message.results)
      else asker?.reject(databaseError(message.error))
    })
    worker.on('error', (error: Error) => (fail(error), reject(error)))
    worker.on('exit', () => fail(new Error('the embedded database was closed')))
  })

  const ask = (question: ThreadQuestion) =>
    new Promise<ThreadResult[]>((resolve, reject) => {
      if (ended) return reject(ended)
      waiting.set(question.id, { resolve, reject })
      worker.postMessage(question)
    })

  await ready
  return {
    query: (text, params, begin = null) => ask({ kind: 'query', id: next++, begin, text, params }),
    onNotification(listener) {
      news.on('notification', listener)
      return () => void news.off('notification', listener)
    },
    async close() {
      if (!ended) await ask({ kind: 'close', id: next++ })
      await worker.terminate()
    },
  }
}
