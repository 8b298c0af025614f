// Schemas of path and query parameters.
import { z } from 'zod'
import { InvalidInput } from '../../domain/errors.ts'
import { recordId18 } from '../../domain/record-id.ts'

/** A Salesforce record id of 15 or 18 characters, returned with 18. */
export const RecordId = z
  .string()
  .max(18)
  .refine((text) => recordId18(text) !== null, 'a Salesforce record id')
  .transform((text) => recordId18(text) ?? text)

/** Most items in one page of a list. */
export const Limit = z.coerce.number().int().min(1).max(200).default(50)

/** A version's number, within the database's integers. */
export const Version = z.number().int().min(1).max(2_147_483_647)

/** The name of a mission. */
export const MissionName = z.string().max(80)

/** The brain's own ids are UUIDs. */
export const OwnId = z.string().regex(/^[A-Za-z0-9-]{1,64}$/, 'an id')

/** The 18-character record id of a path parameter. Throws InvalidInput. */
export function recordIdOf(text: string): string {
  const id = recordId18(text)
  if (id === null) throw new InvalidInput('the address names no Salesforce record id')
  return id
}

/** A parameter that may be repeated. */
export const several = <T extends z.ZodType>(item: T) =>
  z
    .union([item, z.array(item).max(20)])
    .optional()
    .transform((value): z.output<T>[] => {
      if (value === undefined) return []
      return (Array.isArray(value) ? value : [value]) as z.output<T>[]
    })
