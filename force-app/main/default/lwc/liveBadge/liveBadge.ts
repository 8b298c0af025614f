// Says whether news arrives: Live, Reconnecting or Offline.
import { LightningElement, api } from 'lwc'
import { clock } from 'c/missionWords'
import type { StreamStatus } from 'c/streamHub'

export default class LiveBadge extends LightningElement {
  /** The stream's state; nothing is shown before there is one. */
  @api status: StreamStatus | null = null

  get word(): string {
    const words = { connecting: 'Connecting', live: 'Live', reconnecting: 'Reconnecting', offline: 'Offline' }
    return words[this.status?.state ?? 'connecting']
  }

  get dotClass(): string {
    return `dot ${this.status?.state ?? 'connecting'}`
  }

  get isLost(): boolean {
    return this.status?.state === 'reconnecting' || this.status?.state === 'offline'
  }

  get sentence(): string {
    const { heardAt = null, retryIn = null } = this.status ?? {}
    const lost = heardAt ? `Connection lost at ${clock(new Date(heardAt).toISOString())}.` : 'No live connection.'
    return retryIn ? `${lost} Trying again in ${retryIn} s.` : lost
  }

  retry(): void {
    this.dispatchEvent(new CustomEvent('retry'))
  }
}
