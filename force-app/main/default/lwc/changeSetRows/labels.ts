// The words of this component, from Custom Labels.
import gated from '@salesforce/label/c.Missions_ChangeSetRows_Gated'
import conflict from '@salesforce/label/c.Missions_ChangeSetRows_Conflict'
import filled from '@salesforce/label/c.Missions_ChangeSetRows_Filled'
import cleared from '@salesforce/label/c.Missions_ChangeSetRows_Cleared'
import changed from '@salesforce/label/c.Missions_ChangeSetRows_Changed'
import doubled from '@salesforce/label/c.Missions_ChangeSetRows_Doubled'
import undescribed from '@salesforce/label/c.Missions_ChangeSetRows_Undescribed'
import hidden from '@salesforce/label/c.Missions_ChangeSetRows_Hidden'
import before from '@salesforce/label/c.Missions_ChangeSetRows_Before'
import after from '@salesforce/label/c.Missions_ChangeSetRows_After'
import from from '@salesforce/label/c.Missions_ChangeSetRows_From'
import kept from '@salesforce/label/c.Missions_ChangeSetRows_Kept'
import record from '@salesforce/label/c.Missions_ChangeSetRows_Record'
import rule from '@salesforce/label/c.Missions_ChangeSetRows_Rule'
import policy from '@salesforce/label/c.Missions_ChangeSetRows_Policy'
import computed from '@salesforce/label/c.Missions_ChangeSetRows_Computed'
import model from '@salesforce/label/c.Missions_ChangeSetRows_Model'
import person from '@salesforce/label/c.Missions_ChangeSetRows_Person'
import onlyCapitals from '@salesforce/label/c.Missions_ChangeSetRows_OnlyCapitals'
import onlySpaces from '@salesforce/label/c.Missions_ChangeSetRows_OnlySpaces'
import otherwise from '@salesforce/label/c.Missions_ChangeSetRows_Otherwise'
import notShown from '@salesforce/label/c.Missions_ChangeSetRows_NotShown'
import differs from '@salesforce/label/c.Missions_ChangeSetRows_Differs'
import partPlan from '@salesforce/label/c.Missions_ChangeSetRows_PartPlan'
import partCounts from '@salesforce/label/c.Missions_ChangeSetRows_PartCounts'
import partMoves from '@salesforce/label/c.Missions_ChangeSetRows_PartMoves'
import partEnds from '@salesforce/label/c.Missions_ChangeSetRows_PartEnds'
import newRecord from '@salesforce/label/c.Missions_ChangeSetRows_NewRecord'
import updateOne from '@salesforce/label/c.Missions_ChangeSetRows_UpdateOne'
import updateMany from '@salesforce/label/c.Missions_ChangeSetRows_UpdateMany'
import createRecord from '@salesforce/label/c.Missions_ChangeSetRows_CreateRecord'
import deleteRecord from '@salesforce/label/c.Missions_ChangeSetRows_DeleteRecord'
import undeleteRecord from '@salesforce/label/c.Missions_ChangeSetRows_UndeleteRecord'
import takenByMerge from '@salesforce/label/c.Missions_ChangeSetRows_TakenByMerge'
import takenByDelete from '@salesforce/label/c.Missions_ChangeSetRows_TakenByDelete'
import changeOwner from '@salesforce/label/c.Missions_ChangeSetRows_ChangeOwner'
import convert from '@salesforce/label/c.Missions_ChangeSetRows_Convert'
import merge from '@salesforce/label/c.Missions_ChangeSetRows_Merge'
import receipt from '@salesforce/label/c.Missions_ChangeSetRows_Receipt'
import teamStays from '@salesforce/label/c.Missions_ChangeSetRows_TeamStays'
import teamLeaves from '@salesforce/label/c.Missions_ChangeSetRows_TeamLeaves'
import nothingAlong from '@salesforce/label/c.Missions_ChangeSetRows_NothingAlong'
import along from '@salesforce/label/c.Missions_ChangeSetRows_Along'
import alongActivities from '@salesforce/label/c.Missions_ChangeSetRows_AlongActivities'
import alongNotes from '@salesforce/label/c.Missions_ChangeSetRows_AlongNotes'
import alongOthersOpenOpportunities from '@salesforce/label/c.Missions_ChangeSetRows_AlongOthersOpenOpportunities'
import alongOpenOpportunities from '@salesforce/label/c.Missions_ChangeSetRows_AlongOpenOpportunities'
import alongClosedOpportunities from '@salesforce/label/c.Missions_ChangeSetRows_AlongClosedOpportunities'
import alongOpenCases from '@salesforce/label/c.Missions_ChangeSetRows_AlongOpenCases'
import alongCases from '@salesforce/label/c.Missions_ChangeSetRows_AlongCases'
import alongContacts from '@salesforce/label/c.Missions_ChangeSetRows_AlongContacts'
import alongContracts from '@salesforce/label/c.Missions_ChangeSetRows_AlongContracts'
import alongOrders from '@salesforce/label/c.Missions_ChangeSetRows_AlongOrders'
import convertedStatus from '@salesforce/label/c.Missions_ChangeSetRows_ConvertedStatus'
import convertedOwner from '@salesforce/label/c.Missions_ChangeSetRows_ConvertedOwner'
import ownerStays from '@salesforce/label/c.Missions_ChangeSetRows_OwnerStays'
import convertedAccount from '@salesforce/label/c.Missions_ChangeSetRows_ConvertedAccount'
import newAccount from '@salesforce/label/c.Missions_ChangeSetRows_NewAccount'
import convertedContact from '@salesforce/label/c.Missions_ChangeSetRows_ConvertedContact'
import newContact from '@salesforce/label/c.Missions_ChangeSetRows_NewContact'
import noOpportunity from '@salesforce/label/c.Missions_ChangeSetRows_NoOpportunity'
import oldOpportunity from '@salesforce/label/c.Missions_ChangeSetRows_OldOpportunity'
import newOpportunity from '@salesforce/label/c.Missions_ChangeSetRows_NewOpportunity'
import leadSourceStays from '@salesforce/label/c.Missions_ChangeSetRows_LeadSourceStays'
import firstFails from '@salesforce/label/c.Missions_ChangeSetRows_FirstFails'
import secondFails from '@salesforce/label/c.Missions_ChangeSetRows_SecondFails'
import laterFails from '@salesforce/label/c.Missions_ChangeSetRows_LaterFails'

export const labels = {
  gated,
  conflict,
  filled,
  cleared,
  changed,
  doubled,
  undescribed,
  hidden,
  before,
  after,
  from,
  kept,
  record,
  rule,
  policy,
  computed,
  model,
  person,
  onlyCapitals,
  onlySpaces,
  otherwise,
  notShown,
  differs,
  partPlan,
  partCounts,
  partMoves,
  partEnds,
  newRecord,
  updateOne,
  updateMany,
  createRecord,
  deleteRecord,
  undeleteRecord,
  takenByMerge,
  takenByDelete,
  changeOwner,
  convert,
  merge,
  receipt,
  teamStays,
  teamLeaves,
  nothingAlong,
  along,
  alongActivities,
  alongNotes,
  alongOthersOpenOpportunities,
  alongOpenOpportunities,
  alongClosedOpportunities,
  alongOpenCases,
  alongCases,
  alongContacts,
  alongContracts,
  alongOrders,
  convertedStatus,
  convertedOwner,
  ownerStays,
  convertedAccount,
  newAccount,
  convertedContact,
  newContact,
  noOpportunity,
  oldOpportunity,
  newOpportunity,
  leadSourceStays,
  firstFails,
  secondFails,
  laterFails,
}
