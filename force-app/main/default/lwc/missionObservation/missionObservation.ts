// One thing the mission did or noticed: kind, line, records, citations and time.
import { LightningElement, api } from 'lwc'
import { clock, observationWords } from 'c/missionWords'
import { labels } from './labels'
import { partsOf } from './recordMentions'
import type { Part } from './recordMentions'
import type { ObservationView } from '../../../../../server/contract/http.ts'

export default class MissionObservation extends LightningElement {
  @api observation: ObservationView | null = null

  readonly labels = labels

  get icon(): string {
    return this.observation ? observationWords[this.observation.kind].icon : ''
  }

  get word(): string {
    return this.observation ? observationWords[this.observation.kind].word : ''
  }

  get rowClass(): string {
    return `row ${this.observation?.kind ?? ''}`
  }

  get time(): string {
    return this.observation ? clock(this.observation.at) : ''
  }

  get parts(): Part[] {
    return this.observation ? partsOf(this.observation.text, this.observation.records).parts : []
  }

  /** Records that the line does not name. */
  get records(): ObservationView['records'] {
    return this.observation ? partsOf(this.observation.text, this.observation.records).rest : []
  }

  get citations(): string {
    return (this.observation?.citations ?? []).join(' · ')
  }

  get hasRecords(): boolean {
    return this.records.length > 0
  }
}
