import type { DecisionView, RecordRef } from '../../../../../server/contract/http.ts'
import type { LeafIndex } from './leaves'

const ID = /^[a-zA-Z0-9]{18}$/

/** Names of records by id, as the brain gave them beside the ids. */
export class Names {
  private readonly byId = new Map<string, string>()

  constructor(
    {
      subject,
      goesAway,
      lost,
      rows,
      mustHold,
    }: Pick<DecisionView, 'subject' | 'goesAway' | 'lost' | 'rows' | 'mustHold'>,
    leaves: LeafIndex,
  ) {
    for (const { id, name } of [subject, ...goesAway.map(({ record }) => record), ...lost.map(({ record }) => record)])
      this.add(id, name)
    for (const { id, name } of mustHold.flatMap(({ records }) => records)) this.add(id, name)
    for (const { recordId, recordName, fromPath, fromText, toPath, toText } of rows) {
      this.add(recordId, recordName)
      if (fromPath !== null) this.add(leaves.textAt(fromPath), fromText)
      this.add(leaves.textAt(toPath), toText)
    }
  }

  /** Null when no name came along. */
  of(id: string): string | null {
    return this.byId.get(id) ?? null
  }

  ref(object: string, id: string): RecordRef {
    return { object, id, name: this.of(id) }
  }

  private add(id: string, name: string | null): void {
    if (name && name !== id && ID.test(id) && !this.byId.has(id)) this.byId.set(id, name)
  }
}
