// The words of this component, from Custom Labels.
import title from '@salesforce/label/c.Missions_MissionUndo_Title'
import undo from '@salesforce/label/c.Missions_MissionUndo_Undo'
import question from '@salesforce/label/c.Missions_MissionUndo_Question'
import meaning from '@salesforce/label/c.Missions_MissionUndo_Meaning'
import request from '@salesforce/label/c.Missions_MissionUndo_Request'
import cancel from '@salesforce/label/c.Missions_MissionUndo_Cancel'
import requested from '@salesforce/label/c.Missions_MissionUndo_Requested'
import reasonMissing from '@salesforce/label/c.Missions_MissionUndo_ReasonMissing'
import noAnswer from '@salesforce/label/c.Missions_MissionUndo_NoAnswer'
import refused from '@salesforce/label/c.Missions_MissionUndo_Refused'

export const labels = {
  title,
  undo,
  question,
  meaning,
  request,
  cancel,
  requested,
  reasonMissing,
  noAnswer,
  refused,
}
