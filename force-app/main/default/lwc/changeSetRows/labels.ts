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
}
