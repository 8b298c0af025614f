// The words of this component, from Custom Labels.
import title from '@salesforce/label/c.Missions_ExplainRail_Title'
import pause from '@salesforce/label/c.Missions_ExplainRail_Pause'
import resume from '@salesforce/label/c.Missions_ExplainRail_Resume'
import resumeNew from '@salesforce/label/c.Missions_ExplainRail_ResumeNew'
import run from '@salesforce/label/c.Missions_ExplainRail_Run'
import observations from '@salesforce/label/c.Missions_ExplainRail_Observations'
import emptyRecord from '@salesforce/label/c.Missions_ExplainRail_EmptyRecord'
import emptyAll from '@salesforce/label/c.Missions_ExplainRail_EmptyAll'
import showEarlier from '@salesforce/label/c.Missions_ExplainRail_ShowEarlier'
import firstStep from '@salesforce/label/c.Missions_ExplainRail_FirstStep'
import jump from '@salesforce/label/c.Missions_ExplainRail_Jump'
import runNotLoaded from '@salesforce/label/c.Missions_ExplainRail_RunNotLoaded'
import countOf from '@salesforce/label/c.Missions_ExplainRail_CountOf'

export const labels = {
  title,
  pause,
  resume,
  resumeNew,
  run,
  observations,
  emptyRecord,
  emptyAll,
  showEarlier,
  firstStep,
  jump,
  runNotLoaded,
  countOf,
}
