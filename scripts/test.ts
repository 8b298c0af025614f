// Runs every part of `npm test` in sequence, each with its time; ends with one line of totals.
import { spawnSync } from 'node:child_process'

interface Step {
  name: string
  command: string
  args: string[]
}

const STEPS: Step[] = [
  { name: 'format', command: 'prettier', args: ['--check', '--log-level=warn', '.'] },
  { name: 'lint', command: 'eslint', args: ['.'] },
  { name: 'advisories', command: 'node', args: ['scripts/advisories.ts'] },
  { name: 'types', command: 'node', args: ['scripts/types.ts'] },
  { name: 'components (jest)', command: 'jest', args: ['--config', 'force-app/jest.config.cjs'] },
  { name: 'server, stories, browser (vitest)', command: 'vitest', args: ['run'] },
]

function run({ name, command, args }: Step): { name: string; ok: boolean; seconds: number } {
  console.log(`\n── ${name}`)
  const start = performance.now()
  const { status } = spawnSync(command, args, { stdio: 'inherit' })
  return { name, ok: status === 0, seconds: Math.round((performance.now() - start) / 1000) }
}

const results = STEPS.map(run)
console.log('')
for (const { name, ok, seconds } of results) console.log(`${ok ? '✓' : '✗'} ${name} (${seconds} s)`)
const failed = results.filter(({ ok }) => !ok).length
console.log(`${results.length - failed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0
