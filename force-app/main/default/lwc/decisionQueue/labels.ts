// The words of this component, from Custom Labels.
import decisions from '@salesforce/label/c.Missions_DecisionQueue_Decisions'
import decisionsOne from '@salesforce/label/c.Missions_DecisionQueue_DecisionsOne'
import decisionsMany from '@salesforce/label/c.Missions_DecisionQueue_DecisionsMany'
import decided from '@salesforce/label/c.Missions_DecisionQueue_Decided'
import showDecided from '@salesforce/label/c.Missions_DecisionQueue_ShowDecided'
import showWaiting from '@salesforce/label/c.Missions_DecisionQueue_ShowWaiting'
import shortcuts from '@salesforce/label/c.Missions_DecisionQueue_Shortcuts'
import shortcutsScope from '@salesforce/label/c.Missions_DecisionQueue_ShortcutsScope'
import shortcutsOn from '@salesforce/label/c.Missions_DecisionQueue_ShortcutsOn'
import close from '@salesforce/label/c.Missions_DecisionQueue_Close'
import list from '@salesforce/label/c.Missions_DecisionQueue_List'
import newOne from '@salesforce/label/c.Missions_DecisionQueue_NewOne'
import newMany from '@salesforce/label/c.Missions_DecisionQueue_NewMany'
import newShow from '@salesforce/label/c.Missions_DecisionQueue_NewShow'
import newSort from '@salesforce/label/c.Missions_DecisionQueue_NewSort'
import emptyRecord from '@salesforce/label/c.Missions_DecisionQueue_EmptyRecord'
import emptyAll from '@salesforce/label/c.Missions_DecisionQueue_EmptyAll'
import approved from '@salesforce/label/c.Missions_DecisionQueue_Approved'
import rejected from '@salesforce/label/c.Missions_DecisionQueue_Rejected'
import takenBack from '@salesforce/label/c.Missions_DecisionQueue_TakenBack'
import next from '@salesforce/label/c.Missions_DecisionQueue_Next'
import keyNext from '@salesforce/label/c.Missions_DecisionQueue_KeyNext'
import keyPrevious from '@salesforce/label/c.Missions_DecisionQueue_KeyPrevious'
import keyGated from '@salesforce/label/c.Missions_DecisionQueue_KeyGated'
import keyApprove from '@salesforce/label/c.Missions_DecisionQueue_KeyApprove'
import keyReject from '@salesforce/label/c.Missions_DecisionQueue_KeyReject'
import keyTakeBack from '@salesforce/label/c.Missions_DecisionQueue_KeyTakeBack'
import keyBack from '@salesforce/label/c.Missions_DecisionQueue_KeyBack'
import keyHelp from '@salesforce/label/c.Missions_DecisionQueue_KeyHelp'
import escape from '@salesforce/label/c.Missions_DecisionQueue_Escape'

export const labels = {
  decisions,
  decisionsOne,
  decisionsMany,
  decided,
  showDecided,
  showWaiting,
  shortcuts,
  shortcutsScope,
  shortcutsOn,
  close,
  list,
  newOne,
  newMany,
  newShow,
  newSort,
  emptyRecord,
  emptyAll,
  approved,
  rejected,
  takenBack,
  next,
  keyNext,
  keyPrevious,
  keyGated,
  keyApprove,
  keyReject,
  keyTakeBack,
  keyBack,
  keyHelp,
  escape,
}
