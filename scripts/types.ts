// Checks the types of every part: the server, scripts and tests; then the components of force-app.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const projects = [
  'tsconfig.json',
  'force-app/tsconfig.json',
  'server/practice-org/src/page/client/tsconfig.json',
].filter(existsSync)
const failed = projects.filter(
  (project) => spawnSync('tsc', ['--noEmit', '-p', project], { stdio: 'inherit' }).status !== 0,
)
process.exitCode = failed.length > 0 ? 1 : 0
