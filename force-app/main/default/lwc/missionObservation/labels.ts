// The words of this component, from Custom Labels.
import records from '@salesforce/label/c.Missions_MissionObservation_Records'

export const labels = {
  records,
}
