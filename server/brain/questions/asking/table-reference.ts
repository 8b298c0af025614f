import { z } from 'zod'

/** A table of a knowledge document, as a question names it: `territory-rules §Territories`. */
export const TableReference = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,79} §.{1,80}$/, 'a document and a heading, e.g. territory-rules §Territories')

/** Document and heading of a checked reference. */
export function referenceOf(written: string): { document: string; heading: string } {
  const [document = '', heading = ''] = written.split(' §')
  return { document, heading }
}
