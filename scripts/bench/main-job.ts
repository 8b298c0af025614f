import { startStack } from '../../test/support/stack.ts'
import { followStream } from '../../test/support/stream.ts'
import { approveOne, createPairs, proposeMany, proposeOne, type Pair } from './job.ts'
import { peakMemory } from './machine.ts'
import { summary } from './summary.ts'

const SETTLE_SECONDS = 1

/**
 * Measures the main job against a practice org of 300 accounts: `runs` leads one after the other to the verified end, then
 * `burst` at once to the open decision. Times in milliseconds.
 */
export async function measureMainJob(runs: number, burst: number) {
  await using stack = await startStack({ size: 300, holdSeconds: 0, settleSeconds: SETTLE_SECONDS })
  const admin = await stack.as('admin')
  await using stream = await followStream(stack.brainUrl, admin)
  const bench = { admin, stream }

  const opened: number[] = []
  const verified: number[] = []
  const calls: number[] = []
  for (const pair of await createPairs(admin, runs, 'Single')) {
    const { decision, milliseconds } = await proposeOne(bench, pair)
    opened.push(milliseconds)
    const end = await approveOne(bench, pair, decision)
    verified.push(end.milliseconds)
    calls.push(end.apiCalls)
  }

  const rate = async (pairs: Pair[], inFlight: number) => {
    const before = await stack.busy()
    const milliseconds = await proposeMany(bench, pairs, inFlight)
    const orgMilliseconds = (await stack.busy()) - before
    return {
      runsPerSecond: Number(((pairs.length * 1000) / milliseconds).toFixed(2)),
      practiceOrgShare: Number((orgMilliseconds / milliseconds).toFixed(2)),
    }
  }
  const one = await rate(await createPairs(admin, Math.ceil(burst / 2), 'Serial'), 1)
  const many = await rate(await createPairs(admin, burst, 'Burst'), burst)
  const [orgPid, brainPid] = stack.practice.pids() as [number, number]
  return {
    runs,
    settleSeconds: SETTLE_SECONDS,
    leadCreatedToDecisionOpenMs: summary(opened),
    approveToVerifiedMs: summary(verified),
    salesforceCallsPerRun: summary(calls),
    leadToDecision: { inFlight1: one, [`inFlight${burst}`]: many },
    peakMemoryMiB: { practiceOrg: peakMemory(orgPid), brain: peakMemory(brainPid) },
  }
}
