// Words that every part of a mission file is written in.
import { z } from 'zod'

/** A field of the object itself, or of a parent: `Owner.Name`. */
const FieldPath = z.string().regex(/^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*){0,2}$/, 'a field, e.g. Owner.Name')
export const Fields = z.array(FieldPath).min(1).max(200)
export const Name = z.string().regex(/^[a-z][a-z0-9-]{0,79}$/, 'lower-case words joined by hyphens')
export const StepName = z.string().regex(/^[a-z][A-Za-z0-9]{0,39}$/, 'a name such as candidates')
export const Expression = z.string().min(1).max(500).describe('CEL')
