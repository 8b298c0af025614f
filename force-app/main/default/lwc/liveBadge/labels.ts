// The words of this component, from Custom Labels.
import connecting from '@salesforce/label/c.Missions_LiveBadge_Connecting'
import live from '@salesforce/label/c.Missions_LiveBadge_Live'
import reconnecting from '@salesforce/label/c.Missions_LiveBadge_Reconnecting'
import offline from '@salesforce/label/c.Missions_LiveBadge_Offline'
import lost from '@salesforce/label/c.Missions_LiveBadge_Lost'
import none from '@salesforce/label/c.Missions_LiveBadge_None'
import tryingAgain from '@salesforce/label/c.Missions_LiveBadge_TryingAgain'
import tryNow from '@salesforce/label/c.Missions_LiveBadge_TryNow'

export const labels = {
  connecting,
  live,
  reconnecting,
  offline,
  lost,
  none,
  tryingAgain,
  tryNow,
}
