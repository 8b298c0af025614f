// The words of this component, from Custom Labels.
import stepsOne from '@salesforce/label/c.Missions_MissionRunHeader_StepsOne'
import stepsMany from '@salesforce/label/c.Missions_MissionRunHeader_StepsMany'
import started from '@salesforce/label/c.Missions_MissionRunHeader_Started'
import about from '@salesforce/label/c.Missions_MissionRunHeader_About'
import phases from '@salesforce/label/c.Missions_MissionRunHeader_Phases'
import done from '@salesforce/label/c.Missions_MissionRunHeader_Done'
import current from '@salesforce/label/c.Missions_MissionRunHeader_Current'
import notYet from '@salesforce/label/c.Missions_MissionRunHeader_NotYet'

export const labels = {
  stepsOne,
  stepsMany,
  started,
  about,
  phases,
  done,
  current,
  notYet,
}
