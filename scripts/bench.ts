// Measures the main job against the practice org, then the practice org alone, on this machine; prints both and writes
// them to bench/latest.json. No thresholds.
import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { origin } from './bench/machine.ts'
import { measureMainJob } from './bench/main-job.ts'
import { benchSettings } from './bench/settings.ts'

const ORG_ALONE = fileURLToPath(new URL('bench/practice-org.ts', import.meta.url))

/** Writes what is measured so far, so that a failure later does not lose it. */
function keep(result: object): void {
  mkdirSync('bench', { recursive: true })
  writeFileSync('bench/latest.json', `${JSON.stringify(result, null, 2)}\n`)
}

const { BENCH_RUNS, BENCH_BURST } = benchSettings()
const mainJob = { ...origin(), ...(await measureMainJob(BENCH_RUNS, BENCH_BURST)) }
keep(mainJob)
console.log(JSON.stringify(mainJob, null, 2))

// In a process of its own: its memory and its event loop are part of what is measured.
const { stdout } = await promisify(execFile)(process.execPath, [ORG_ALONE])
keep({ ...mainJob, practiceOrgAlone: JSON.parse(stdout) as unknown })
console.log(stdout)
