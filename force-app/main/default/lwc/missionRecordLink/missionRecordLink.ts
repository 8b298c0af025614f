// A record by name, opened through Lightning navigation.
import { LightningElement, api } from 'lwc'
import { NavigationMixin } from 'lightning/navigation'
import type { RecordRef } from '../../../../../server/contract/http.ts'

export default class MissionRecordLink extends NavigationMixin(LightningElement) {
  @api record: RecordRef | null = null

  /** A record without a name, because it has none or the reader may not know it, is called by its id. */
  get name(): string {
    return this.record ? (this.record.name ?? `${this.record.object} ${this.record.id}`) : ''
  }

  /** A real address, so that the record also opens in a new tab; empty for a record whose id is withheld. */
  get href(): string {
    return this.record?.id ? `/lightning/r/${this.record.object}/${this.record.id}/view` : ''
  }

  handleClick(event: MouseEvent): void {
    if (!this.record || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    const { id: recordId, object: objectApiName } = this.record
    this[NavigationMixin.Navigate]?.({
      type: 'standard__recordPage',
      attributes: { recordId, objectApiName, actionName: 'view' },
    })
  }
}
