import { z } from 'zod'
import type { Say } from '../shared/command-line.ts'
import type { BrainClient } from './brain-client.ts'

const Concluded = z.object({ proposes: z.boolean(), text: z.string(), asks: z.array(z.string()) })
const Answer = z.object({
  same: z.number(),
  differs: z.number(),
  cannotTell: z.number(),
  differences: z.array(
    z.object({
      recordId: z.string().nullable(),
      recordName: z.string().nullable(),
      was: Concluded,
      wouldBe: Concluded,
      values: z.array(
        z.object({ record: z.string().nullable(), label: z.string(), was: z.string(), wouldBe: z.string() }),
      ),
    }),
  ),
  unclear: z.array(z.object({ why: z.string(), runs: z.number() })),
})

interface Draft {
  source?: string
  knowledge: Record<string, string>
  runs?: number
}

/** Prints what a draft would have made of past runs' facts. The exit code is 0 when nothing differs. */
export async function backTest(brain: BrainClient, name: string, draft: Draft, say: Say): Promise<number> {
  const answer = Answer.parse(await brain.post(`/missions/${encodeURIComponent(name)}/back-test`, draft))
  say(`${answer.same} the same, ${answer.differs} different, ${answer.cannotTell} cannot tell`)
  for (const { why, runs } of answer.unclear) say(`  cannot tell of ${runs}: ${why}`)
  for (const { recordId, recordName, was, wouldBe, values } of answer.differences) {
    say(`${recordName ?? recordId ?? 'a run'}`)
    if (was.proposes !== wouldBe.proposes) say(`  ${was.text} → ${wouldBe.text}`)
    for (const each of values) say(`  ${each.record ?? ''} ${each.label}: ${each.was} → ${each.wouldBe}`)
    const [then, now] = [was, wouldBe].map(({ asks }) => asks.join(' and ') || 'nobody')
    if (then !== now) say(`  asks ${then} → ${now}`)
  }
  return answer.differs === 0 ? 0 : 1
}
