import { EventEmitter } from 'node:events'
import type { MessagePort } from 'node:worker_threads'
import pg from 'pg'
import type { ThreadAnswer, ThreadQuestion, ThreadResult } from './protocol.ts'

/** A statement, as the thread is asked it. */
export type Statement = Omit<ThreadQuestion, 'id'>

/** One client's way to an embedded database: queries in, results out, and notifications as events. */
export interface Session {
  query(statement: Statement): Promise<ThreadResult[]>
  onNotification(listener: (channel: string, payload: string) => void): () => void
  /** What is asked from now on, or is not answered yet, fails. */
  close(): void
}

interface Waiting {
  resolve(results: ThreadResult[]): void
  reject(error: Error): void
}

function databaseError(told: Record<string, string>): Error {
  return Object.assign(new pg.DatabaseError(told.message ?? 'error', 0, 'error'), told)
}

/** Opens a client's session, in whatever thread, on a port that the database gave out. */
export function openSession(port: MessagePort): Session {
  const waiting = new Map<number, Waiting>()
  const news = new EventEmitter().setMaxListeners(0)
  let next = 1
  let isClosed = false

  const fail = () => {
    isClosed = true
    for (const { reject } of waiting.values()) reject(closed())
    waiting.clear()
  }
  port.on('message', (message: ThreadAnswer) => {
    if (message.kind === 'notification') return void news.emit('notification', message.channel, message.payload)
    const asker = waiting.get(message.id)
    waiting.delete(message.id)
    if (message.kind === 'result') asker?.resolve(message.results)
    else asker?.reject(databaseError(message.error))
  })
  port.once('close', fail)

  return {
    query: (statement) =>
      new Promise((resolve, reject) => {
        if (isClosed) return reject(closed())
        const id = next++
        waiting.set(id, { resolve, reject })
        port.postMessage({ ...statement, id } satisfies ThreadQuestion)
      }),
    onNotification(listener) {
      news.on('notification', listener)
      return () => void news.off('notification', listener)
    },
    close() {
      fail()
      port.close()
    },
  }
}

const closed = () => new Error('the embedded database was closed')
