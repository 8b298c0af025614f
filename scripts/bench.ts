// Measures the main job against the practice org on this machine; prints a table and writes bench/latest.json. No thresholds.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { createPairs, proposeOne, proposeMany, approveOne, type Pair } from './bench/job.ts'
import { summary } from './bench/summary.ts'
import { startStack } from '../test/support/stack.ts'
import { followStream } from '../test/support/stream.ts'

const SETTLE_SECONDS = 1
const RUNS = Number(process.env.BENCH_RUNS ?? 20)
const BURST = Number(process.env.BENCH_BURST ?? 50)

/** Largest resident memory of a process so far, in MiB (Linux). */
function peakMemory(pid: number): number {
  const line = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return Math.round(Number(line?.[1] ?? 0) / 1024)
}

await using stack = await startStack({ size: 300, holdSeconds: 0, settleSeconds: SETTLE_SECONDS })
const admin = await stack.as('admin')
await using stream = await followStream(stack.brainUrl, admin)
const bench = { admin, stream }

const single = await createPairs(admin, RUNS, 'Single')
const opened: number[] = []
const verified: number[] = []
const calls: number[] = []
for (const pair of single) {
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
const one = await rate(await createPairs(admin, Math.ceil(BURST / 2), 'Serial'), 1)
const many = await rate(await createPairs(admin, BURST, 'Burst'), BURST)
const [orgPid, brainPid] = stack.practice.pids as [number, number]

const result = {
  machine: { cores: cpus().length, memoryGiB: Math.round(totalmem() / 2 ** 30), node: process.version },
  commit: execFileSync('git', ['rev-parse', '--short', 'HEAD']).toString().trim(),
  runs: RUNS,
  settleSeconds: SETTLE_SECONDS,
  leadCreatedToDecisionOpenMs: summary(opened),
  approveToVerifiedMs: summary(verified),
  salesforceCallsPerRun: summary(calls),
  leadToDecision: { inFlight1: one, [`inFlight${BURST}`]: many },
  peakMemoryMiB: { practiceOrg: peakMemory(orgPid), brain: peakMemory(brainPid) },
}
mkdirSync('bench', { recursive: true })
writeFileSync('bench/latest.json', `${JSON.stringify(result, null, 2)}\n`)
console.log(JSON.stringify(result, null, 2))
