// What a derived field is computed from.
import type { ObjectDef, Catalog } from '../../schema/catalog.ts'
import type { Store } from '../../store/store.ts'
import type { Row } from '../../store/row.ts'

export interface Derivation {
  store: Store
  catalog: Catalog
  object: ObjectDef
  /** The row as it will be, without derived fields brought up to date. */
  after: Row
  before: Row | undefined
  /** Fields the client set itself. */
  given: ReadonlySet<string>
  now: number
  /** Whoever changes the row; absent while an org is being filled. */
  userId?: string
}
