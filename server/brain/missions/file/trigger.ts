import { z } from 'zod'
import { ApiName } from '../../../contract/values/ids.ts'

export const Trigger = z.union([
  z.strictObject({
    change: z.string().regex(/^[A-Za-z][A-Za-z0-9_]*\.(created|updated|deleted)$/, 'e.g. Lead.created'),
    after: z
      .string()
      .regex(/^\d{1,4}[smh]$/, 'e.g. 0s, 30s, 5m')
      .default('0s')
      .describe('A delay, so that enrichment tools can finish first'),
  }),
  z.strictObject({
    portal: z.strictObject({ scope: ApiName, filter: z.array(ApiName).max(20) }),
  }),
])
