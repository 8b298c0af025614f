// People at the real door: they look at open decisions and approve or reject what they see.
import { setTimeout as delay } from 'node:timers/promises'
import type { DecisionSummary, DecisionView } from '../../../server/contract/http.ts'
import { digestOf } from '../../../server/contract/seal.ts'
import type { Person } from '../../../test/support/person.ts'

/** One answer of a person: recorded before it is sent, for it may arrive although no answer to it does. */
export interface GivenAnswer {
  decisionId: string
  verb: 'approve' | 'reject'
  version: number
  digest: string
  /** HTTP status; null: no answer came. */
  status: number | null
}

export interface Approver {
  readonly answers: readonly GivenAnswer[]
  /** Problems that people met, by title and status, with how often. */
  readonly problems: ReadonlyMap<string, number>
  stop(): Promise<void>
}

type Wish = 'approve' | 'reject' | 'leave'

const LOOK_MS = 1_500

/** Answers by what the decision shows; `answers` gets the answer before it is sent. */
export async function giveAnswer(
  person: Person,
  decision: DecisionView,
  verb: GivenAnswer['verb'],
  answers: GivenAnswer[],
): Promise<Response> {
  const { id: decisionId, version, leaves } = decision
  const given: GivenAnswer = { decisionId, verb, version, digest: digestOf(leaves), status: null }
  answers.push(given)
  const response = verb === 'approve' ? await person.approve(decision) : await person.reject(decision, 'not-now')
  given.status = response.status
  return response
}

/** Answers as `wishOf` says until stopped; rejects every undo. */
export function startApprover(person: Person, wishOf: (decision: DecisionSummary) => Wish): Approver {
  const answers: GivenAnswer[] = []
  const problems = new Map<string, number>()
  let isStopped = false
  const count = (what: string) => problems.set(what, (problems.get(what) ?? 0) + 1)

  const answerOne = async (summary: DecisionSummary) => {
    const wish = wishOf(summary)
    if (wish === 'leave') return
    const decision = await person.decision(summary.id)
    // The way back of a partial failure: what stands is to be judged.
    const verb = decision.undoes ? 'reject' : wish
    if (!(verb === 'approve' ? decision.you.canApprove : decision.you.canReject))
      return count(`may not: ${decision.you.why}`)
    const response = await giveAnswer(person, decision, verb, answers)
    if (!response.ok) {
      const { title } = (await response.json()) as { title?: string }
      count(`${response.status} ${title}`)
    }
  }
  const look = async () => {
    const { items } = await person.get<{ items: DecisionSummary[] }>('/decisions?status=open&limit=100')
    for (const summary of items) {
      if (isStopped) return
      await answerOne(summary).catch(() => count('no answer'))
    }
  }
  const looking = (async () => {
    while (!isStopped) {
      await look().catch(() => count('no answer'))
      await delay(LOOK_MS)
    }
  })()
  return {
    answers,
    problems,
    async stop() {
      isStopped = true
      await looking
    },
  }
}
