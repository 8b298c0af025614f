// A record by name, opened through Lightning navigation; a record the reader may not see has no link.
import { LightningElement, api } from 'lwc'
import { NavigationMixin } from 'lightning/navigation'
import type { RecordRef } from '../../../../../server/contract/http.ts'

export default class MissionRecordLink extends NavigationMixin(LightningElement) {
  @api record: RecordRef | null = null

  get name(): string {
    return this.record?.name ?? ''
  }

  get isHidden(): boolean {
    return !this.record?.name
  }

  get hiddenText(): string {
    return this.record ? `${this.record.object} hidden from you` : ''
  }

  /** A real address, so that the record also opens in a new tab. */
  get href(): string {
    return this.record ? `/lightning/r/${this.record.object}/${this.record.id}/view` : ''
  }

  go(event: MouseEvent): void {
    if (!this.record || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    const { id: recordId, object: objectApiName } = this.record
    this[NavigationMixin.Navigate]?.({
      type: 'standard__recordPage',
      attributes: { recordId, objectApiName, actionName: 'view' },
    })
  }
}
