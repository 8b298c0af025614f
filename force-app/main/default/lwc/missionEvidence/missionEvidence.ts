// Why the mission proposes this: checks that agree and disagree, and what would make it wrong.
import { LightningElement, api } from 'lwc'
import { bandWords } from 'c/missionWords'
import type { DecisionView } from '../../../../../server/contract/http.ts'

export default class MissionEvidence extends LightningElement {
  @api decision: DecisionView | null = null

  get heading(): string {
    const checks = this.decision?.checks ?? []
    const agree = checks.filter(({ agrees }) => agrees).length
    const band = this.decision ? bandWords[this.decision.band] : ''
    return `${band} · ${agree} of ${checks.length} checks agree`
  }

  get checks(): { key: number; label: string; mark: string; word: string; by: string; citations: string }[] {
    return (this.decision?.checks ?? []).map(({ label, agrees, by, citations }, key) => ({
      key,
      label,
      mark: agrees ? '✓' : '✗',
      word: agrees ? 'Agrees:' : 'Disagrees:',
      by: by === 'rule' ? 'checked by rule' : 'judged by model',
      citations: citations.join(' · '),
    }))
  }

  get wrongIf(): string[] {
    return [...(this.decision?.wrongIf ?? [])]
  }

  get hasWrongIf(): boolean {
    return this.wrongIf.length > 0
  }
}
