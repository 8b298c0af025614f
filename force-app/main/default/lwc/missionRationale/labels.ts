// The words of this component, from Custom Labels.
import changedByMission from '@salesforce/label/c.Missions_MissionRationale_ChangedByMission'
import notLoaded from '@salesforce/label/c.Missions_MissionRationale_NotLoaded'
import loading from '@salesforce/label/c.Missions_MissionRationale_Loading'
import none from '@salesforce/label/c.Missions_MissionRationale_None'
import changedNow from '@salesforce/label/c.Missions_MissionRationale_ChangedNow'
import why from '@salesforce/label/c.Missions_MissionRationale_Why'
import whyMoreOne from '@salesforce/label/c.Missions_MissionRationale_WhyMoreOne'
import whyMoreMany from '@salesforce/label/c.Missions_MissionRationale_WhyMoreMany'
import hidden from '@salesforce/label/c.Missions_MissionRationale_Hidden'
import undid from '@salesforce/label/c.Missions_MissionRationale_Undid'
import undone from '@salesforce/label/c.Missions_MissionRationale_Undone'
import undoneApproved from '@salesforce/label/c.Missions_MissionRationale_UndoneApproved'

export const labels = {
  changedByMission,
  notLoaded,
  loading,
  none,
  changedNow,
  why,
  whyMoreOne,
  whyMoreMany,
  hidden,
  undid,
  undone,
  undoneApproved,
}
