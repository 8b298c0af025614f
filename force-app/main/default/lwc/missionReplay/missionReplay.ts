// Whether a run comes out the same when it is computed again from its record: for those who audit or administer missions.
import { LightningElement, api } from 'lwc'
import canAdminister from '@salesforce/customPermission/Administer_Missions'
import canAudit from '@salesforce/customPermission/Audit_Missions'
import { request, troubleOf } from 'c/missionSession'
import type { RunView } from '../../../../../server/contract/http.ts'
import type { ReplayView } from '../../../../../server/contract/replay.ts'
import { differing, outcome } from './words'

export default class MissionReplay extends LightningElement {
  private current: RunView | null = null
  private replay: ReplayView | null = null

  busy = false
  trouble: string | null = null

  @api get run(): RunView | null {
    return this.current
  }

  /** What was computed says something about the run as it was then, and nothing about another. */
  set run(run: RunView | null) {
    if (run?.id !== this.current?.id || run?.updatedAt !== this.current?.updatedAt) {
      this.replay = null
      this.trouble = null
    }
    this.current = run
  }

  get isOffered(): boolean {
    return this.current !== null && !this.current.erased && Boolean(canAudit || canAdminister)
  }

  get buttonText(): string {
    return this.busy ? 'Computing…' : 'Compute it again'
  }

  get sentence(): string {
    return this.replay && this.current ? outcome(this.replay, this.current) : ''
  }

  get lines(): { key: number; text: string }[] | null {
    const lines = this.replay ? differing(this.replay) : []
    return lines.length > 0 ? lines.map((text, key) => ({ key, text })) : null
  }

  async compute(): Promise<void> {
    const { current } = this
    if (!current || this.busy) return
    this.busy = true
    this.trouble = null
    try {
      const path = `/api/v1/runs/${encodeURIComponent(current.id)}/replay`
      const { recomputed } = await request<{ recomputed: ReplayView | null }>(path)
      if (current.id === this.current?.id) this.replay = recomputed
    } catch (error) {
      this.trouble = troubleOf('The record', error)
    } finally {
      this.busy = false
    }
  }
}
