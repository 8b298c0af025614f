// Replays a run from its recorded answers and compares: for users who audit or administer missions.
import { LightningElement, api } from 'lwc'
import canAdminister from '@salesforce/customPermission/Administer_Missions'
import canAudit from '@salesforce/customPermission/Audit_Missions'
import { loadErrorText, request } from 'c/missionSession'
import type { RunView } from '../../../../../server/contract/http.ts'
import type { ReplayAnswer, ReplayView } from '../../../../../server/contract/replay.ts'
import { labels } from './labels'
import { differences, outcomeText } from './replayTexts'

export default class MissionReplay extends LightningElement {
  private current: RunView | null = null
  private replay: ReplayView | null = null

  busy = false
  errorText: string | null = null
  readonly labels = labels

  @api get run(): RunView | null {
    return this.current
  }

  /** A replay holds for the run as it was then, and for no other run. */
  set run(run: RunView | null) {
    if (run?.id !== this.current?.id || run?.updatedAt !== this.current?.updatedAt) {
      this.replay = null
      this.errorText = null
    }
    this.current = run
  }

  get isOffered(): boolean {
    return this.current !== null && !this.current.erased && Boolean(canAudit || canAdminister)
  }

  get buttonText(): string {
    return this.busy ? labels.replaying : labels.replay
  }

  get sentence(): string {
    return this.replay && this.current ? outcomeText(this.replay, this.current) : ''
  }

  get lines(): { key: number; text: string }[] | null {
    const lines = this.replay ? differences(this.replay) : []
    return lines.length > 0 ? lines.map((text, key) => ({ key, text })) : null
  }

  async handleReplay(): Promise<void> {
    const { current } = this
    if (!current || this.busy) return
    this.busy = true
    this.errorText = null
    try {
      const path = `/api/v1/runs/${encodeURIComponent(current.id)}/replay`
      const { recomputed } = await request<ReplayAnswer>(path)
      if (current.id === this.current?.id) this.replay = recomputed
    } catch (error) {
      this.errorText = loadErrorText('replay', error)
    } finally {
      this.busy = false
    }
  }
}
