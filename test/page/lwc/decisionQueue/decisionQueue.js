import { LightningElement, api } from 'lwc'
import decide from '@salesforce/apex/MissionSession.decide'
import open from '@salesforce/apex/MissionSession.open'
import canDecide from '@salesforce/customPermission/Decide_Missions'
import formFactor from '@salesforce/client/formFactor'
import userId from '@salesforce/user/Id'
import { NavigationMixin } from 'lightning/navigation'
import { ShowToastEvent } from 'lightning/platformShowToastEvent'

export default class DecisionQueue extends NavigationMixin(LightningElement) {
  @api recordId
  @api objectApiName
  @api flexipageRegionWidth
  answer = ''

  get where() {
    return `${this.objectApiName ?? 'app'} ${this.recordId ?? ''} ${formFactor}`
  }

  get permission() {
    return `${userId} ${canDecide ? 'decides' : 'watches'}`
  }

  async open() {
    this.answer = JSON.stringify(await open())
  }

  async decide() {
    try {
      await decide({ decisionId: 'd1', digest: '0', verb: 'approve', rights: [] })
    } catch (error) {
      this.answer = error.body.message
    }
  }

  say() {
    this.dispatchEvent(
      new ShowToastEvent({ title: 'Said', message: 'by {0}', messageData: ['the queue'], variant: 'success' }),
    )
  }

  leave() {
    this[NavigationMixin.Navigate]({
      type: 'standard__objectPage',
      attributes: { objectApiName: 'Lead', actionName: 'list' },
    })
  }
}
