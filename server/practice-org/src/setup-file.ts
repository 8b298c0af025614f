// The file that sets an org up as an administrator would: its currencies, dated rates, and its own row.
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { OrgSetup } from './engine/org-options.ts'
import { sharingSchema } from './schema/share-shape.ts'
import { SettingsError } from './settings.ts'

const Code = z.string().regex(/^[A-Z]{3}$/)
const Setup = z.strictObject({
  /** Units for one of the corporate currency, whose own rate is 1. */
  currencies: z
    .array(z.strictObject({ code: Code, rate: z.number().positive() }))
    .min(1)
    .refine((list) => list.filter(({ rate }) => rate === 1).length === 1, 'one currency, the corporate one, has rate 1')
    .optional(),
  datedRates: z.array(z.strictObject({ code: Code, rate: z.number().positive(), from: z.iso.date() })).optional(),
  /** Organization-wide defaults and sharing rules (`schema/share-shape.ts`). */
  sharing: sharingSchema.optional(),
  organization: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
})

/** Reads the file. Throws SettingsError when it is not there or does not fit. */
export function readSetup(path: string): OrgSetup {
  const example = 'Example: {"currencies": [{"code": "USD", "rate": 1}, {"code": "EUR", "rate": 0.9}]}'
  try {
    const { currencies, datedRates, sharing, organization } = Setup.parse(JSON.parse(readFileSync(path, 'utf8')))
    return {
      ...(currencies ? { currencies } : {}),
      ...(datedRates ? { datedRates } : {}),
      ...(sharing ? { sharing } : {}),
      ...(organization ? { organization } : {}),
    }
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : String(error)
    throw new SettingsError(`PRACTICE_SETUP is wrong: ${reason}. ${example}`)
  }
}
