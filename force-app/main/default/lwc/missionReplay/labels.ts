// The words of this component, from Custom Labels.
import title from '@salesforce/label/c.Missions_MissionReplay_Title'
import hint from '@salesforce/label/c.Missions_MissionReplay_Hint'
import replay from '@salesforce/label/c.Missions_MissionReplay_Replay'
import replaying from '@salesforce/label/c.Missions_MissionReplay_Replaying'
import same from '@salesforce/label/c.Missions_MissionReplay_Same'
import sameSoFar from '@salesforce/label/c.Missions_MissionReplay_SameSoFar'
import notSame from '@salesforce/label/c.Missions_MissionReplay_NotSame'
import notSameSoFar from '@salesforce/label/c.Missions_MissionReplay_NotSameSoFar'
import otherRules from '@salesforce/label/c.Missions_MissionReplay_OtherRules'
import phasesOne from '@salesforce/label/c.Missions_MissionReplay_PhasesOne'
import phasesMany from '@salesforce/label/c.Missions_MissionReplay_PhasesMany'
import observationsOne from '@salesforce/label/c.Missions_MissionReplay_ObservationsOne'
import observationsMany from '@salesforce/label/c.Missions_MissionReplay_ObservationsMany'
import changeSetsOne from '@salesforce/label/c.Missions_MissionReplay_ChangeSetsOne'
import changeSetsMany from '@salesforce/label/c.Missions_MissionReplay_ChangeSetsMany'
import otherResult from '@salesforce/label/c.Missions_MissionReplay_OtherResult'
import otherResultRules from '@salesforce/label/c.Missions_MissionReplay_OtherResultRules'
import notReached from '@salesforce/label/c.Missions_MissionReplay_NotReached'
import notReachedRules from '@salesforce/label/c.Missions_MissionReplay_NotReachedRules'
import brokeOff from '@salesforce/label/c.Missions_MissionReplay_BrokeOff'
import notAskedThen from '@salesforce/label/c.Missions_MissionReplay_NotAskedThen'
import askedOtherwise from '@salesforce/label/c.Missions_MissionReplay_AskedOtherwise'
import notAskedAgain from '@salesforce/label/c.Missions_MissionReplay_NotAskedAgain'
import otherDigest from '@salesforce/label/c.Missions_MissionReplay_OtherDigest'
import notComposed from '@salesforce/label/c.Missions_MissionReplay_NotComposed'
import verdict from '@salesforce/label/c.Missions_MissionReplay_Verdict'
import none from '@salesforce/label/c.Missions_MissionReplay_None'
import observation from '@salesforce/label/c.Missions_MissionReplay_Observation'
import nothing from '@salesforce/label/c.Missions_MissionReplay_Nothing'

export const labels = {
  title,
  hint,
  replay,
  replaying,
  same,
  sameSoFar,
  notSame,
  notSameSoFar,
  otherRules,
  phasesOne,
  phasesMany,
  observationsOne,
  observationsMany,
  changeSetsOne,
  changeSetsMany,
  otherResult,
  otherResultRules,
  notReached,
  notReachedRules,
  brokeOff,
  notAskedThen,
  askedOtherwise,
  notAskedAgain,
  otherDigest,
  notComposed,
  verdict,
  none,
  observation,
  nothing,
}
