import type { RecordKey } from '../../../contract/values/ids.ts'

/** A sentence of the template with its values filled in. */
export interface Fact {
  section: string | null
  line: number
  text: string
  records: RecordKey[]
  fields: string[]
  /** It rests on nothing but the fields that the mission lists for a language model. */
  isForModel: boolean
}
