// The words of this component, from Custom Labels.
import status from '@salesforce/label/c.Missions_MissionOutcome_Status'
import takeBack from '@salesforce/label/c.Missions_MissionOutcome_TakeBack'

export const labels = {
  status,
  takeBack,
}
