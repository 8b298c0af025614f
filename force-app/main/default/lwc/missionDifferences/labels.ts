// The words of this component, from Custom Labels.
import caption from '@salesforce/label/c.Missions_MissionDifferences_Caption'
import record from '@salesforce/label/c.Missions_MissionDifferences_Record'
import field from '@salesforce/label/c.Missions_MissionDifferences_Field'
import proposed from '@salesforce/label/c.Missions_MissionDifferences_Proposed'
import found from '@salesforce/label/c.Missions_MissionDifferences_Found'
import reason from '@salesforce/label/c.Missions_MissionDifferences_Reason'
import expectedOne from '@salesforce/label/c.Missions_MissionDifferences_ExpectedOne'
import expectedMany from '@salesforce/label/c.Missions_MissionDifferences_ExpectedMany'
import expected from '@salesforce/label/c.Missions_MissionDifferences_Expected'

export const labels = {
  caption,
  record,
  field,
  proposed,
  found,
  reason,
  expectedOne,
  expectedMany,
  expected,
}
