// Asks the registry for known vulnerabilities in what runs in production. A registry that gives no answer is said, never taken for
// "none": exit code 0 when none is high or critical or the answer is missing, 1 when one is.
import { spawnSync } from 'node:child_process'
import { advisorySentence, severeAdvisories } from './supply/advisories.ts'

const options = [
  '--json',
  '--audit=true',
  '--omit=dev',
  '--workspaces=false',
  '--fetch-timeout=20000',
  '--fetch-retries=0',
]
const { stdout } = spawnSync('npm', ['audit', ...options], { encoding: 'utf8' })
const severe = severeAdvisories(stdout)
console.log(advisorySentence(severe))
process.exitCode = severe !== null && severe.length > 0 ? 1 : 0
