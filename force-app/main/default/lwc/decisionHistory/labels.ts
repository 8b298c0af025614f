// The words of this component, from Custom Labels.
import filters from '@salesforce/label/c.Missions_DecisionHistory_Filters'
import month from '@salesforce/label/c.Missions_DecisionHistory_Month'
import answeredBy from '@salesforce/label/c.Missions_DecisionHistory_AnsweredBy'
import outcome from '@salesforce/label/c.Missions_DecisionHistory_Outcome'
import anyMonth from '@salesforce/label/c.Missions_DecisionHistory_AnyMonth'
import anyone from '@salesforce/label/c.Missions_DecisionHistory_Anyone'
import anyOutcome from '@salesforce/label/c.Missions_DecisionHistory_AnyOutcome'
import showEarlier from '@salesforce/label/c.Missions_DecisionHistory_ShowEarlier'
import decided from '@salesforce/label/c.Missions_DecisionHistory_Decided'
import decidedSoFar from '@salesforce/label/c.Missions_DecisionHistory_DecidedSoFar'
import noneYet from '@salesforce/label/c.Missions_DecisionHistory_NoneYet'
import noMatch from '@salesforce/label/c.Missions_DecisionHistory_NoMatch'
import unanswered from '@salesforce/label/c.Missions_DecisionHistory_Unanswered'
import approvedIt from '@salesforce/label/c.Missions_DecisionHistory_ApprovedIt'
import rejectedIt from '@salesforce/label/c.Missions_DecisionHistory_RejectedIt'
import tookBackIt from '@salesforce/label/c.Missions_DecisionHistory_TookBackIt'

export const labels = {
  filters,
  month,
  answeredBy,
  outcome,
  anyMonth,
  anyone,
  anyOutcome,
  showEarlier,
  decided,
  decidedSoFar,
  noneYet,
  noMatch,
  unanswered,
  approvedIt,
  rejectedIt,
  tookBackIt,
}
