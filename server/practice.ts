// What `npm start` runs: a supervisor of two processes, the practice org with its page and the brain.
import { parseOptions } from './practice/options.ts'
import { PracticeProblem, startPractice } from './practice/supervisor.ts'

try {
  const options = parseOptions(process.argv.slice(2), process.env)
  const practice = await startPractice(options)
  console.log(`\nOpen  ${practice.url}/lightning  (any user's password is "practice")\nReady`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void practice.stop())
  process.exitCode = await practice.ended
} catch (error) {
  if (!(error instanceof PracticeProblem)) throw error
  console.error(error.message)
  process.exitCode = 1
}
