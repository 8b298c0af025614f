import { LightningElement, api } from 'lwc'
import decide from '@salesforce/apex/MissionSession.decide'
import open from '@salesforce/apex/MissionSession.open'
import canDecide from '@salesforce/customPermission/Decide_Missions'
import formFactor from '@salesforce/client/formFactor'
import userId from '@salesforce/user/Id'
import { NavigationMixin } from 'lightning/navigation'
import { ShowToastEvent } from 'lightning/platformShowToastEvent'

/** Touches everything of the platform that the package's components rest on. */
export default class DecisionQueue extends NavigationMixin(LightningElement) {
  @api recordId: string | undefined
  @api objectApiName: string | undefined
  @api flexipageRegionWidth: string | undefined
  answer = ''

  get where(): string {
    return `${this.objectApiName ?? 'app'} ${this.recordId ?? ''} ${formFactor}`
  }

  get permission(): string {
    return `${userId} ${canDecide ? 'decides' : 'watches'}`
  }

  async open(): Promise<void> {
    this.answer = JSON.stringify(await open())
  }

  async decide(): Promise<void> {
    try {
      await decide({ decisionId: 'd1', digest: '0', verb: 'approve', rights: '[]' })
    } catch (error) {
      this.answer = (error as { body: { message: string } }).body.message
    }
  }

  say(): void {
    const toast = { title: 'Said', message: 'by {0}', messageData: ['the queue'], variant: 'success' }
    this.dispatchEvent(new ShowToastEvent(toast))
  }

  leave(): void {
    this[NavigationMixin.Navigate]?.({
      type: 'standard__objectPage',
      attributes: { objectApiName: 'Lead', actionName: 'list' },
    })
  }
}
