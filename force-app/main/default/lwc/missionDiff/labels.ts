// The words of this component, from Custom Labels.
import field from '@salesforce/label/c.Missions_MissionDiff_Field'
import before from '@salesforce/label/c.Missions_MissionDiff_Before'
import after from '@salesforce/label/c.Missions_MissionDiff_After'
import from from '@salesforce/label/c.Missions_MissionDiff_From'
import seen from '@salesforce/label/c.Missions_MissionDiff_Seen'
import showMore from '@salesforce/label/c.Missions_MissionDiff_ShowMore'
import created from '@salesforce/label/c.Missions_MissionDiff_Created'
import seenOf from '@salesforce/label/c.Missions_MissionDiff_SeenOf'

export const labels = {
  field,
  before,
  after,
  from,
  seen,
  showMore,
  created,
  seenOf,
}
