// What a user may do with an object's records.
import type * as Org from '../org/org.ts'

/** `modifyAll` changes an object's records whoever shares them. */
export interface ObjectAccess extends Org.ObjectAccess {
  modifyAll: boolean
}

export type Verb = 'read' | 'edit' | 'delete'
