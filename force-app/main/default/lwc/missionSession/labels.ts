// The words of this component, from Custom Labels.
import noAnswer from '@salesforce/label/c.Missions_MissionSession_NoAnswer'
import notSigned from '@salesforce/label/c.Missions_MissionSession_NotSigned'
import httpStatus from '@salesforce/label/c.Missions_MissionSession_HttpStatus'
import decisionsFailed from '@salesforce/label/c.Missions_MissionSession_DecisionsFailed'
import decisionsForbidden from '@salesforce/label/c.Missions_MissionSession_DecisionsForbidden'
import pastFailed from '@salesforce/label/c.Missions_MissionSession_PastFailed'
import pastForbidden from '@salesforce/label/c.Missions_MissionSession_PastForbidden'
import runsFailed from '@salesforce/label/c.Missions_MissionSession_RunsFailed'
import runsForbidden from '@salesforce/label/c.Missions_MissionSession_RunsForbidden'
import replayFailed from '@salesforce/label/c.Missions_MissionSession_ReplayFailed'
import replayForbidden from '@salesforce/label/c.Missions_MissionSession_ReplayForbidden'

export const labels = {
  noAnswer,
  notSigned,
  httpStatus,
  decisionsFailed,
  decisionsForbidden,
  pastFailed,
  pastForbidden,
  runsFailed,
  runsForbidden,
  replayFailed,
  replayForbidden,
}
