// What a run's commits left in the org, by their journalled answers.
import { z } from 'zod'
import type { JournalEntry } from '../ports/runs.ts'
import { WRITE_KEY } from '../domain/run.ts'

const Answer = z.object({ transactions: z.array(z.object({ status: z.string() })) })

/** `nothing`: no commit was answered, or none of its transactions stands; `all`: the last one stands whole. */
export function writtenBy(journal: readonly JournalEntry[]): 'nothing' | 'all' | 'unclear' {
  const answers = journal.flatMap(({ phase, key, answer }) => {
    const parsed = Answer.safeParse(answer)
    return phase === 'commit' && key.startsWith(WRITE_KEY) && parsed.success ? [parsed.data.transactions] : []
  })
  if (answers.flat().every(({ status }) => status === 'notSent' || status === 'refused')) return 'nothing'
  return answers.at(-1)?.every(({ status }) => status === 'written' || status === 'already') ? 'all' : 'unclear'
}
