import { LeaseLost } from '../domain/errors.ts'
import type { Lease, Leases } from '../ports/runs.ts'
import type { RunLease } from './journal.ts'

/** A lease that a worker took and keeps until it gives it back. */
export interface TakenLease extends RunLease, Pick<Lease, 'begins'> {
  /** Ends the lease. When the store fails, `giveBackLeft` tries again. */
  giveBack(): Promise<void>
}

interface OpenLease {
  runId: string
  isGivenBack: boolean
  /** When it was last known to last its whole time, by the process's timer. */
  renewed: number
}

/** Begins from which a run is a suspect: its last workers may have ended because of it. */
const SUSPECT = 3
const LEASE_SECONDS = 30

type Store = Pick<Leases, 'lease' | 'renew' | 'release'>

/**
 * The leases of one process. It works on one suspect at a time, so that when a run stops the process again and again, the runs
 * beside it are not blamed for long.
 */
export class WorkerLeases {
  readonly #store: Store
  readonly #worker: string
  readonly #takesSuspects: () => boolean
  readonly #timer: () => number
  readonly #open = new Map<string, OpenLease>()
  #suspect: string | null = null
  #taken = 0

  /** `worker` names the process, and is the first part of the owner of each of its leases. */
  constructor(
    store: Store,
    worker: string,
    takesSuspects: () => boolean = () => true,
    timer: () => number = () => performance.now(),
  ) {
    this.#store = store
    this.#worker = worker
    this.#takesSuspects = takesSuspects
    this.#timer = timer
  }

  /** Null while another worker has the run, or while this process works on another suspect. */
  async take(runId: string): Promise<TakenLease | null> {
    const owner = `${this.#worker}/${(this.#taken += 1)}`
    const isLaneFree = this.#suspect === null && this.#takesSuspects()
    if (isLaneFree) this.#suspect = owner
    const leaveLane = () => {
      if (this.#suspect === owner) this.#suspect = null
    }
    let isSuspect = false
    try {
      const asked = this.#timer()
      const lease = await this.#store.lease(runId, owner, LEASE_SECONDS, isLaneFree ? undefined : SUSPECT - 1)
      if (!lease) return null
      isSuspect = lease.begins >= SUSPECT
      this.#open.set(owner, { runId, isGivenBack: false, renewed: asked })
      return {
        runId,
        ...lease,
        assertHeld: () => this.#assertHeld(owner),
        renew: () => this.#renew(owner),
        giveBack: () => {
          leaveLane()
          return this.#giveBack(owner)
        },
      }
    } finally {
      if (!isSuspect) leaveLane()
    }
  }

  /** Gives back what an earlier attempt could not. */
  async giveBackLeft(): Promise<void> {
    for (const [owner, { isGivenBack }] of this.#open) if (isGivenBack) await this.#giveBack(owner)
  }

  /** Gives every run back, also those under way: what their workers still write is refused once another worker takes them. */
  async giveBackAll(): Promise<void> {
    for (const owner of this.#open.keys()) await this.#giveBack(owner)
  }

  #assertHeld(owner: string): void {
    const renewed = this.#open.get(owner)?.renewed ?? -Infinity
    if (this.#timer() - renewed > LEASE_SECONDS * 1000) throw new LeaseLost('the lease was not renewed in time')
  }

  /** From the asking on: what the store answers later was decided before. */
  async #renew(owner: string): Promise<void> {
    const lease = this.#open.get(owner)
    if (!lease || lease.isGivenBack) return
    const asked = this.#timer()
    const isRenewed = await this.#store.renew(lease.runId, owner, LEASE_SECONDS)
    lease.renewed = isRenewed ? asked : -Infinity
    if (!isRenewed) throw new LeaseLost('the lease of this run ended')
  }

  async #giveBack(owner: string): Promise<void> {
    const lease = this.#open.get(owner)
    if (!lease) return
    lease.isGivenBack = true
    await this.#store.release(lease.runId, owner)
    this.#open.delete(owner)
  }
}
