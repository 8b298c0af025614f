import { z } from 'zod'
import { Cost } from '../../../contract/http.ts'
import { decimalOf } from '../../../contract/values/money.ts'
import type { Usage } from '../../ports/oversight.ts'
import { route } from '../requests/route.ts'

/** Keys that are listed by themselves; the rest is one item. */
const MOST = 200

const Used = z.object({
  calls: z.number(),
  inputTokens: z.number(),
  outputTokens: z.number(),
  /** One per currency. */
  costs: z.array(Cost),
})

const Time = z.iso.datetime({ precision: 3 })

/** Sums, with the cost of each currency. */
function sumOf(parts: readonly Usage[]): z.input<typeof Used> {
  const sum = (of: (part: Usage) => number) => parts.reduce((total, part) => total + of(part), 0)
  const costs = new Map<string, number>()
  for (const { costMicros, currency } of parts)
    if (currency !== null) costs.set(currency, (costs.get(currency) ?? 0) + costMicros)
  return {
    calls: sum(({ calls }) => calls),
    inputTokens: sum(({ inputTokens }) => inputTokens),
    outputTokens: sum(({ outputTokens }) => outputTokens),
    costs: [...costs].map(([currency, micros]) => ({ amount: decimalOf(micros), currency })),
  }
}

function groupsOf(usage: readonly Usage[]): Usage[][] {
  const groups = new Map<string | null, Usage[]>()
  for (const part of usage) groups.set(part.key, [...(groups.get(part.key) ?? []), part])
  return [...groups.values()]
}

export const listUsage = route({
  method: 'get',
  path: '/api/v1/oversight/usage',
  summary:
    'Tokens and cost of language models by user, run, mission or role; the items and the rest add up to the total',
  needs: ['Administer_Missions', 'Audit_Missions'],
  query: z.strictObject({
    by: z.enum(['user', 'run', 'mission', 'role']).default('mission'),
    from: Time.default('0001-01-01T00:00:00.000Z'),
    to: Time.default('9999-12-31T00:00:00.000Z'),
  }),
  answers: z.object({
    /** `key` null: an event started the run. */
    items: z.array(Used.extend({ key: z.string().nullable() })),
    /** Keys beyond those listed, together. */
    rest: Used.extend({ keys: z.number() }),
    total: Used,
  }),
  async handle({ store }, { query: { by, from, to } }) {
    const usage = await store.usage(by, { from, to })
    const groups = groupsOf(usage)
    const rest = groups.slice(MOST)
    return {
      items: groups.slice(0, MOST).map((parts) => ({ key: parts[0]?.key ?? null, ...sumOf(parts) })),
      rest: { keys: rest.length, ...sumOf(rest.flat()) },
      total: sumOf(usage),
    }
  },
})
