import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads'
import type { ThreadNotice, ThreadOrder } from './protocol.ts'

/** PGlite in a thread of its own. */
interface DatabaseThread {
  /** A port for one more client; hand it to `openSession`, here or in another thread. */
  connect(): MessagePort
  /** Waits a moment for a transaction under way, then closes the database. */
  close(): Promise<void>
}

/** Starts PGlite in a worker thread on `folder`, or in memory when it is null. */
export async function startDatabaseThread(folder: string | null): Promise<DatabaseThread> {
  const worker = new Worker(new URL('./thread.ts', import.meta.url), { workerData: { folder } })
  const order = (what: ThreadOrder, transfer: MessagePort[] = []) => worker.postMessage(what, transfer)
  const noticed = (wanted: ThreadNotice) =>
    new Promise<void>((resolve, reject) => {
      worker.on('message', (notice: ThreadNotice) => notice === wanted && resolve())
      worker.once('error', reject)
      worker.once('exit', () => reject(new Error('the embedded database was closed')))
    })
  await noticed('ready')
  // Its clients learn of its end by their ports.
  worker.on('error', () => {})
  let hasEnded = false
  worker.once('exit', () => (hasEnded = true))
  return {
    connect() {
      const { port1, port2 } = new MessageChannel()
      order({ kind: 'client', port: port1 }, [port1])
      return port2
    },
    async close() {
      if (hasEnded) return
      const closed = noticed('closed').catch(() => {})
      order({ kind: 'close' })
      await closed
      await worker.terminate()
    },
  }
}
