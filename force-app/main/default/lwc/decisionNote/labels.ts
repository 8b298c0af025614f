// The words of this component, from Custom Labels.
import othersOne from '@salesforce/label/c.Missions_DecisionNote_OthersOne'
import othersMany from '@salesforce/label/c.Missions_DecisionNote_OthersMany'
import review from '@salesforce/label/c.Missions_DecisionNote_Review'

export const labels = {
  othersOne,
  othersMany,
  review,
}
