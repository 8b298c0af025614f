// What a profile or a permission set grants.

/** Rights to the records of one object, as `objectPermissions` of a permission set name them. */
export interface ObjectRights {
  object: string
  read: boolean
  create: boolean
  edit: boolean
  delete: boolean
  viewAll: boolean
  modifyAll: boolean
}

/** Rights to one field, by `Object.Field`. */
export interface FieldRights {
  field: string
  read: boolean
  edit: boolean
}

/** A short name of the rights that a profile gives to an object. */
export type Level = 'none' | 'read' | 'edit' | 'full' | 'readAll' | 'editAll'

export interface RightsSet {
  name: string
  label: string
  description?: string
  /** Without their prefix: `ApiEnabled`, `EditTask`. */
  userPermissions?: readonly string[]
  /** Developer names. */
  customPermissions?: readonly string[]
  /** Names of Apex classes. */
  apexClasses?: readonly string[]
  objects?: readonly ObjectRights[]
  fields?: readonly FieldRights[]
  /**
   * The level on an object that the org came with; the set then reads, or edits, every field that came with it. Objects and
   * fields that were deployed later are granted by name alone, as in an org.
   */
  levelOf?: (object: string) => Level
  /** Fields (`Object.Field`) that `levelOf` leaves out. */
  hidden?: readonly string[]
}
