// Shows whether news arrives: Live, Reconnecting or Offline.
import { LightningElement, api } from 'lwc'
import { clock, formatLabel } from 'c/missionWords'
import type { StreamState, StreamStatus } from 'c/streamHub'
import { labels } from './labels'

const words: Record<StreamState, string> = {
  connecting: labels.connecting,
  live: labels.live,
  reconnecting: labels.reconnecting,
  offline: labels.offline,
}

export default class LiveBadge extends LightningElement {
  /** The stream's state; nothing is shown before there is one. */
  @api status: StreamStatus | null = null

  readonly labels = labels

  get word(): string {
    return words[this.status?.state ?? 'connecting']
  }

  get dotClass(): string {
    return `dot ${this.status?.state ?? 'connecting'}`
  }

  get isLost(): boolean {
    return this.status?.state === 'reconnecting' || this.status?.state === 'offline'
  }

  get sentence(): string {
    const { receivedAt = null, retryIn = null } = this.status ?? {}
    const lost = receivedAt ? formatLabel(labels.lost, clock(new Date(receivedAt).toISOString())) : labels.none
    return retryIn ? `${lost} ${formatLabel(labels.tryingAgain, retryIn)}` : lost
  }

  handleRetry(): void {
    this.dispatchEvent(new CustomEvent('retry'))
  }
}
