// What `npm start` runs: a supervisor of two processes, the practice org with its page and the brain.
import { ignoredSettings, parseOptions } from './practice/options.ts'
import { onNpmGone } from './practice/parent.ts'
import { PracticeProblem, startPractice } from './practice/supervisor.ts'

// While it starts, ending is enough: the processes it started end with it.
let end = (): void => process.exit(1)
onNpmGone(process.env, () => end())

try {
  const options = parseOptions(process.argv.slice(2), process.env)
  const ignored = ignoredSettings(process.env)
  if (ignored) console.error(ignored)
  const practice = await startPractice(options)
  console.log(`\nOpen  ${practice.url}/lightning  (any user's password is "practice")\nReady`)
  end = () => void practice.stop()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end())
  process.exitCode = await practice.ended
} catch (error) {
  if (!(error instanceof PracticeProblem)) throw error
  console.error(error.message)
  process.exitCode = 1
}
