// The words of this component, from Custom Labels.
import notLoaded from '@salesforce/label/c.Missions_MissionDecision_NotLoaded'
import risk from '@salesforce/label/c.Missions_MissionDecision_Risk'
import size from '@salesforce/label/c.Missions_MissionDecision_Size'
import cannotApprove from '@salesforce/label/c.Missions_MissionDecision_CannotApprove'
import approvers from '@salesforce/label/c.Missions_MissionDecision_Approvers'
import covers from '@salesforce/label/c.Missions_MissionDecision_Covers'
import digest from '@salesforce/label/c.Missions_MissionDecision_Digest'
import outdated from '@salesforce/label/c.Missions_MissionDecision_Outdated'
import outdatedText from '@salesforce/label/c.Missions_MissionDecision_OutdatedText'
import showNew from '@salesforce/label/c.Missions_MissionDecision_ShowNew'
import showCurrent from '@salesforce/label/c.Missions_MissionDecision_ShowCurrent'
import seeDifferences from '@salesforce/label/c.Missions_MissionDecision_SeeDifferences'
import reason from '@salesforce/label/c.Missions_MissionDecision_Reason'
import comment from '@salesforce/label/c.Missions_MissionDecision_Comment'
import answer from '@salesforce/label/c.Missions_MissionDecision_Answer'
import reject from '@salesforce/label/c.Missions_MissionDecision_Reject'
import nextDecision from '@salesforce/label/c.Missions_MissionDecision_NextDecision'
import approve from '@salesforce/label/c.Missions_MissionDecision_Approve'
import approveUpdate from '@salesforce/label/c.Missions_MissionDecision_ApproveUpdate'
import approveOwner from '@salesforce/label/c.Missions_MissionDecision_ApproveOwner'
import approveCreate from '@salesforce/label/c.Missions_MissionDecision_ApproveCreate'
import approveMerge from '@salesforce/label/c.Missions_MissionDecision_ApproveMerge'
import approveConvert from '@salesforce/label/c.Missions_MissionDecision_ApproveConvert'
import approveUndelete from '@salesforce/label/c.Missions_MissionDecision_ApproveUndelete'
import approveDelete from '@salesforce/label/c.Missions_MissionDecision_ApproveDelete'
import oneMoment from '@salesforce/label/c.Missions_MissionDecision_OneMoment'
import notCounted from '@salesforce/label/c.Missions_MissionDecision_NotCounted'
import writingBegun from '@salesforce/label/c.Missions_MissionDecision_WritingBegun'
import mayNotApprove from '@salesforce/label/c.Missions_MissionDecision_MayNotApprove'
import notApproved from '@salesforce/label/c.Missions_MissionDecision_NotApproved'
import notRejected from '@salesforce/label/c.Missions_MissionDecision_NotRejected'
import notTakenBack from '@salesforce/label/c.Missions_MissionDecision_NotTakenBack'
import noAnswer from '@salesforce/label/c.Missions_MissionDecision_NoAnswer'
import noAnswerText from '@salesforce/label/c.Missions_MissionDecision_NoAnswerText'
import fieldsOne from '@salesforce/label/c.Missions_MissionDecision_FieldsOne'
import fieldsMany from '@salesforce/label/c.Missions_MissionDecision_FieldsMany'
import createdOne from '@salesforce/label/c.Missions_MissionDecision_CreatedOne'
import createdMany from '@salesforce/label/c.Missions_MissionDecision_CreatedMany'
import movesOne from '@salesforce/label/c.Missions_MissionDecision_MovesOne'
import movesMany from '@salesforce/label/c.Missions_MissionDecision_MovesMany'
import lostOne from '@salesforce/label/c.Missions_MissionDecision_LostOne'
import lostMany from '@salesforce/label/c.Missions_MissionDecision_LostMany'
import needsOne from '@salesforce/label/c.Missions_MissionDecision_NeedsOne'
import needsMany from '@salesforce/label/c.Missions_MissionDecision_NeedsMany'
import needsNamedOne from '@salesforce/label/c.Missions_MissionDecision_NeedsNamedOne'
import needsNamedMany from '@salesforce/label/c.Missions_MissionDecision_NeedsNamedMany'
import notBefore from '@salesforce/label/c.Missions_MissionDecision_NotBefore'
import then from '@salesforce/label/c.Missions_MissionDecision_Then'
import permission from '@salesforce/label/c.Missions_MissionDecision_Permission'
import whoCan from '@salesforce/label/c.Missions_MissionDecision_WhoCan'
import approvedVersion from '@salesforce/label/c.Missions_MissionDecision_ApprovedVersion'
import rejectedVersion from '@salesforce/label/c.Missions_MissionDecision_RejectedVersion'
import tookBackVersion from '@salesforce/label/c.Missions_MissionDecision_TookBackVersion'
import unseenOne from '@salesforce/label/c.Missions_MissionDecision_UnseenOne'
import unseenMany from '@salesforce/label/c.Missions_MissionDecision_UnseenMany'
import hiddenOne from '@salesforce/label/c.Missions_MissionDecision_HiddenOne'
import hiddenMany from '@salesforce/label/c.Missions_MissionDecision_HiddenMany'
import digestsDiffer from '@salesforce/label/c.Missions_MissionDecision_DigestsDiffer'
import foreign from '@salesforce/label/c.Missions_MissionDecision_Foreign'
import recordHidden from '@salesforce/label/c.Missions_MissionDecision_RecordHidden'

export const labels = {
  notLoaded,
  risk,
  size,
  cannotApprove,
  approvers,
  covers,
  digest,
  outdated,
  outdatedText,
  showNew,
  showCurrent,
  seeDifferences,
  reason,
  comment,
  answer,
  reject,
  nextDecision,
  approve,
  approveUpdate,
  approveOwner,
  approveCreate,
  approveMerge,
  approveConvert,
  approveDelete,
  approveUndelete,
  oneMoment,
  notCounted,
  writingBegun,
  mayNotApprove,
  notApproved,
  notRejected,
  notTakenBack,
  noAnswer,
  noAnswerText,
  fieldsOne,
  fieldsMany,
  createdOne,
  createdMany,
  movesOne,
  movesMany,
  lostOne,
  lostMany,
  needsOne,
  needsMany,
  needsNamedOne,
  needsNamedMany,
  notBefore,
  then,
  permission,
  whoCan,
  approvedVersion,
  rejectedVersion,
  tookBackVersion,
  unseenOne,
  unseenMany,
  hiddenOne,
  hiddenMany,
  digestsDiffer,
  foreign,
  recordHidden,
}
