// Page layouts and compact layouts as data: what an order says of them.
import { z } from 'zod'

const layoutField = z.union([
  z.string(),
  z.strictObject({ field: z.string(), required: z.boolean().default(false), readOnly: z.boolean().default(false) }),
])
const section = z.strictObject({
  heading: z.string(),
  columns: z.union([z.literal(1), z.literal(2)]).default(2),
  /** An address by its compound field; a blank leaves the place empty. */
  fields: z.array(layoutField).min(1),
})
/** Who shows it: record types by developer name (`Master` for records without one) and profiles; without a list, all of them. */
const assigned = { recordTypes: z.array(z.string()).optional(), profiles: z.array(z.string()).optional() }
/** A page layout. Where none is assigned, an object has one of every field that the user may read. */
export const pageLayoutRule = z.strictObject({
  object: z.string(),
  name: z.string(),
  sections: z.array(section).min(1),
  /** Lists of children, by the name of their relationship. */
  relatedLists: z.array(z.strictObject({ relationship: z.string(), fields: z.array(z.string()).min(1) })).default([]),
  /** It is asked for by its name, and no record type shows it. */
  named: z.boolean().default(false),
  ...assigned,
})
/** A compact layout: up to ten fields, the first of them the title. Where none is assigned, the system's own. */
export const compactLayoutRule = z.strictObject({
  object: z.string(),
  name: z.string(),
  label: z.string().optional(),
  fields: z.array(z.string()).min(1).max(10),
  ...assigned,
})
export type PageLayoutRule = z.infer<typeof pageLayoutRule>
export type CompactLayoutRule = z.infer<typeof compactLayoutRule>
