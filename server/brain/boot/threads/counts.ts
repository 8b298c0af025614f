import { Counter, type Registry } from 'prom-client'

export interface ThreadCounts {
  /** Threads that were ended because they stood still, or that ended by themselves. */
  restarts: Counter<'thread' | 'why'>
  setAside: Counter
  /** Writes found in the org that were not approved here. */
  strays: Counter
}

/** Registers the metrics of the process's threads. */
export function threadCounts(registry: Registry): ThreadCounts {
  const registers = [registry]
  return {
    restarts: new Counter({
      name: 'missions_thread_restarts_total',
      help: 'Threads started again, because they stood still or ended',
      labelNames: ['thread', 'why'] as const,
      registers,
    }),
    strays: new Counter({
      name: 'missions_stray_receipts_total',
      help: 'Receipts found in the org whose decision is not approved here',
      registers,
    }),
    setAside: new Counter({
      name: 'missions_runs_set_aside_total',
      help: 'Runs failed because they stopped their process again and again',
      registers,
    }),
  }
}
