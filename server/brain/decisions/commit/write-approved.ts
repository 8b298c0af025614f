// Having an approved change set written: asked once, and while nobody can tell what became of it, again.
import type { ChangeSetVersion, Decision } from '../../domain/decision.ts'
import { SalesforceError } from '../../domain/errors.ts'
import { secondsBetween } from '../../../contract/values/instant.ts'
import type { PhaseContext } from '../../runs/phase.ts'
import { commitWord, sayCommit, type CommitAnswer } from './commit-outcome.ts'
import type { DecidingDeps } from '../deps.ts'
import { countedApprovals } from '../eligibility.ts'

/** An org ends every request after this long; until then a lost one may still be at work. */
const LONGEST_TRANSACTION_SECONDS = 600

/** Journal key of the first ask of a version. */
export const firstAsk = (version: number) => `commit-v${version}`

/**
 * What became of the change set, as salesforce-mcp tells: it finds by receipts what stands already, so the same may be asked
 * again. That all of it stands is proof at any time. Anything else, after an answer that nobody can tell from, counts only
 * once the lost request must have ended; `unknown` when it is unclear even then. What is journalled up to here is signed first,
 * and the receipt carries that checkpoint to the org. Throws SalesforceError `unavailable`, so that
 * the run holds, until then.
 */
export async function writeApproved(
  { store }: Pick<DecidingDeps, 'store'>,
  context: PhaseContext,
  decision: Decision,
  changeSet: ChangeSetVersion,
): Promise<CommitAnswer> {
  const key = firstAsk(changeSet.version)
  const approvals = countedApprovals({ decision, approvals: await context.reads.approvals(decision.id) })
    .sort((a, b) => (a.userId < b.userId ? -1 : 1))
    .slice(0, 5)
    .map(({ accepted }) => accepted)
  const known = await answeredKeys(context)
  const anchor = await context.ask(`anchor-v${changeSet.version}`, null, () => store.checkpoint())
  const input = { leaves: changeSet.leaves, approvals, ...(anchor && { anchor }) }
  const ask: Ask = (name, isSaid) =>
    context.tool(name, 'commitChangeSet', input, (answer) =>
      isSaid(answer) ? sayCommit(changeSet.proposal, answer) : [],
    )
  const first = await ask(key, () => true)
  return commitWord(first) === 'unknown' ? settled(context, { key, known, ask }) : first
}

type Ask = (name: string, isSaid: (answer: CommitAnswer) => boolean) => Promise<CommitAnswer>

/** Names this phase had an answer under when it was woken. */
export async function answeredKeys({ reads, run }: PhaseContext): Promise<ReadonlySet<string>> {
  const journal = await reads.journal(run.id)
  return new Set(journal.flatMap(({ phase, key }) => (phase === 'commit' ? [key] : [])))
}

async function settled(
  context: PhaseContext,
  { key, known, ask }: { key: string; known: ReadonlySet<string>; ask: Ask },
): Promise<CommitAnswer> {
  const firstUnclear = await context.now(`${key}-unclear`)
  let lastUnclear = firstUnclear
  let askedNow = !known.has(key)
  for (let n = 2; ; n += 1) {
    // One ask per wake-up; the hold is the wait between two.
    if (askedNow) throw new SalesforceError('commitChangeSet', STILL_UNCLEAR)
    const name = `${key}-ask-${n}`
    askedNow = !known.has(name)
    const at = await context.now(`${name}-at`)
    const isFinal = (answer: CommitAnswer) => {
      const word = commitWord(answer)
      const since = word === 'unknown' ? firstUnclear : lastUnclear
      return word === 'written' || secondsBetween(since, at) >= LONGEST_TRANSACTION_SECONDS
    }
    const answer = await ask(name, (each) => isFinal(each) && commitWord(each) !== 'unknown')
    if (isFinal(answer)) return answer
    if (commitWord(answer) === 'unknown') lastUnclear = await context.now(`${name}-unclear`)
  }
}

const STILL_UNCLEAR = {
  code: 'unavailable',
  message: 'nobody can tell yet whether it was written',
  orgCode: null,
  retryable: true,
} as const
