import { StartRefused } from '../../contract/start-refused.ts'
import { InvalidInput } from '../domain/errors.ts'
import { startBrain, type Overrides } from './compose.ts'
import { startWatchdog } from '../../watchdog/watchdog.ts'
import { readBrainSettings, type BrainSettings } from '../../settings/brain-settings.ts'

const CLOSE_MS = 1900

/** Runs the brain as this process until it is told to end, or its parent is gone. Refusals are told in plain lines, exit code 1. */
export async function runBrain(
  env: NodeJS.ProcessEnv,
  change: (config: BrainSettings) => BrainSettings = (config) => config,
  overrides: Overrides = {},
): Promise<void> {
  let end = (): void => process.exit(1)
  // Heard from the first moment on: a parent that is killed while this starts is not heard of again.
  process.once('disconnect', () => end())
  if (process.connected === false) end()
  let brain: Awaited<ReturnType<typeof startBrain>>
  try {
    const config = change(readBrainSettings(env))
    startWatchdog({ name: config.role === 'jobs' ? 'brain, jobs' : 'brain', seconds: config.watchdogSeconds })
    brain = await startBrain(config, overrides)
  } catch (error) {
    process.stderr.write(
      `${isForPeople(error) ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
    )
    process.exit(1)
  }
  end = () => {
    // Only once: Ctrl-C reaches this process twice, from the terminal and from its parent.
    end = () => {}
    setTimeout(() => process.exit(0), CLOSE_MS).unref()
    void brain.dispose().finally(() => process.exit(0))
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => end())
  const ready = { ready: true, url: brain.url }
  process.stdout.write(`${JSON.stringify(ready)}\n`)
  if (process.connected) process.send?.(ready)
}

const isForPeople = (error: unknown): error is Error => error instanceof StartRefused || error instanceof InvalidInput
