// Measures the main job against the practice org, then the practice org alone, on this machine; prints both and writes
// them to bench/latest.json. No thresholds.
import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { text } from 'node:stream/consumers'
import { origin } from './bench/machine.ts'
import { measureMainJob } from './bench/main-job.ts'
import { benchSettings } from './bench/settings.ts'

const ORG_ALONE = fileURLToPath(new URL('bench/practice-org.ts', import.meta.url))

/** Writes the measurements so far, so that a later failure does not lose them. */
function keep(result: object): void {
  mkdirSync('bench', { recursive: true })
  writeFileSync('bench/latest.json', `${JSON.stringify(result, null, 2)}\n`)
}

const { BENCH_RUNS, BENCH_BURST } = benchSettings()
const mainJob = { ...origin(), ...(await measureMainJob(BENCH_RUNS, BENCH_BURST)) }
keep(mainJob)
console.log(JSON.stringify(mainJob, null, 2))

// In its own process: its memory and event loop are measured too.
const alone = spawn(process.execPath, [ORG_ALONE], { stdio: ['ignore', 'pipe', 'inherit'] })
const said = await text(alone.stdout)
keep({ ...mainJob, practiceOrgAlone: JSON.parse(said) as unknown })
console.log(said)
