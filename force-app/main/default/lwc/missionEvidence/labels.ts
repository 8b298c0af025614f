// The words of this component, from Custom Labels.
import why from '@salesforce/label/c.Missions_MissionEvidence_Why'
import byRule from '@salesforce/label/c.Missions_MissionEvidence_ByRule'
import byModel from '@salesforce/label/c.Missions_MissionEvidence_ByModel'
import allByRule from '@salesforce/label/c.Missions_MissionEvidence_AllByRule'
import allByModel from '@salesforce/label/c.Missions_MissionEvidence_AllByModel'
import agrees from '@salesforce/label/c.Missions_MissionEvidence_Agrees'
import disagrees from '@salesforce/label/c.Missions_MissionEvidence_Disagrees'
import moreAgree from '@salesforce/label/c.Missions_MissionEvidence_MoreAgree'
import cautions from '@salesforce/label/c.Missions_MissionEvidence_Cautions'
import notReviewed from '@salesforce/label/c.Missions_MissionEvidence_NotReviewed'
import wrongIf from '@salesforce/label/c.Missions_MissionEvidence_WrongIf'

export const labels = {
  why,
  byRule,
  byModel,
  allByRule,
  allByModel,
  agrees,
  disagrees,
  moreAgree,
  cautions,
  notReviewed,
  wrongIf,
}
