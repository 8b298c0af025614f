// The words of this component, from Custom Labels.
import lostOne from '@salesforce/label/c.Missions_MissionEffects_LostOne'
import lostMany from '@salesforce/label/c.Missions_MissionEffects_LostMany'
import wasOn from '@salesforce/label/c.Missions_MissionEffects_WasOn'
import movesOne from '@salesforce/label/c.Missions_MissionEffects_MovesOne'
import movesMany from '@salesforce/label/c.Missions_MissionEffects_MovesMany'
import move from '@salesforce/label/c.Missions_MissionEffects_Move'
import goesAway from '@salesforce/label/c.Missions_MissionEffects_GoesAway'
import recycleBin from '@salesforce/label/c.Missions_MissionEffects_RecycleBin'
import planOne from '@salesforce/label/c.Missions_MissionEffects_PlanOne'
import planMany from '@salesforce/label/c.Missions_MissionEffects_PlanMany'
import checkedByReading from '@salesforce/label/c.Missions_MissionEffects_CheckedByReading'
import idsOne from '@salesforce/label/c.Missions_MissionEffects_IdsOne'
import idsMany from '@salesforce/label/c.Missions_MissionEffects_IdsMany'
import mustHold from '@salesforce/label/c.Missions_MissionEffects_MustHold'
import movesTo from '@salesforce/label/c.Missions_MissionEffects_MovesTo'

export const labels = {
  lostOne,
  lostMany,
  wasOn,
  movesOne,
  movesMany,
  move,
  goesAway,
  recycleBin,
  planOne,
  planMany,
  checkedByReading,
  idsOne,
  idsMany,
  movesTo,
  mustHold,
}
