import { markInvisible } from 'c/visibleText'
import type { RecordRef } from '../../../../../server/contract/http.ts'
import type { LeafIndex } from './leaves'
import type { Names } from './names'

/** A condition that must still hold when the change set is written, with the records it is about. */
export interface MustHold {
  key: number
  text: string
  records: { key: string; step: string; record: RecordRef }[]
}

/** What the mission asserts, as the leaves have it. */
export function mustHoldOf(leaves: LeafIndex, names: Names): MustHold[] {
  const all: MustHold[] = []
  for (let n = 0; leaves.has(`/assertions/${n}/holds`); n += 1) {
    const records: MustHold['records'] = []
    for (let of = 0; leaves.has(`/assertions/${n}/over/${of}/step`); of += 1) {
      const [step, object, id] = ['step', 'object', 'id'].map((part) =>
        leaves.showText(`/assertions/${n}/over/${of}/${part}`),
      ) as [string, string, string]
      records.push({ key: step, step: `${markInvisible(step)}: `, record: names.ref(object, id) })
    }
    all.push({ key: n, text: markInvisible(leaves.showText(`/assertions/${n}/holds`)), records })
  }
  return all
}
