import type { Shown } from '../../domain/phrase.ts'
import type { Proposal } from '../../domain/proposal.ts'
import { nameOf } from '../../domain/say.ts'

/** Name of a record of the proposal, for those who may read the record. */
export const recordName = (id: string, { names }: Pick<Proposal, 'names'>): Shown =>
  nameOf(names[id] ?? { object: '', id, name: id })
