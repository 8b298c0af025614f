import { z } from 'zod'

/** Values by key, at most so many; the limit stands in the JSON Schema too. */
export function boundedRecord<K extends z.ZodString, V extends z.ZodType>(
  key: K,
  value: V,
  most: number,
): z.ZodRecord<K, V> {
  return z
    .record(key, value)
    .refine((record) => Object.keys(record).length <= most, `at most ${most} entries`)
    .meta({ maxProperties: most })
}
