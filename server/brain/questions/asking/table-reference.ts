import { z } from 'zod'
import type { Given } from './question.ts'

/** A table of a knowledge document, as a question names it: `territory-rules §Territories`. */
export const TableReference = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,79} §.{1,80}$/, 'a document and a heading, e.g. territory-rules §Territories')

/** Document and heading of a checked reference. */
export function referenceOf(written: string): { document: string; heading: string } {
  const [document = '', heading = ''] = written.split(' §')
  return { document, heading }
}

/** `territory-rules v3 §Territories`: what a claim cites of a table or list that was read. */
export const citationOf = (
  { document, heading }: { document: string; heading: string },
  given: Pick<Given, 'version'>,
): string => `${document} v${given.version(document).version} §${heading}`
