export interface OutboxItem {
  id: string
  kind: 'advance-run' | 'expire-decision' | 'void-decision' | 'decision-ended'
  /** Run or decision id. */
  about: string
}

export interface OutboxWrites {
  addOutbox(item: { kind: OutboxItem['kind']; about: string; dueInSeconds: number }): Promise<void>
}

export interface Outbox {
  /** Due wake-ups, reserved for this caller for some seconds; those not finished by then are due again. */
  takeOutbox(limit: number): Promise<OutboxItem[]>
  finishOutbox(ids: readonly string[]): Promise<void>
}

/** Hands runs to workers. The queue holds ids only and may be dropped at any time. */
export interface Queue {
  enqueue(job: { kind: OutboxItem['kind']; about: string }): Promise<void>
  /** The same, unless the same job was enqueued so before and is still waiting or at work. */
  enqueueOnce(job: { kind: OutboxItem['kind']; about: string }): Promise<void>
  /** Starts workers; returns when stopped. */
  work(handler: (job: { kind: OutboxItem['kind']; about: string }) => Promise<void>): Promise<void>
  close(): Promise<void>
}
