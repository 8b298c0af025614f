// Installs what the next command lacks, with Node's own modules alone: it must run before node_modules exists, on a system
// Node as old as 20.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const stamp = join(root, 'node_modules', '.installed-from')

function lockHash() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
}

function nodeModulesAreCurrent() {
  return (
    existsSync(join(root, 'node_modules', '.bin', 'node')) &&
    existsSync(stamp) &&
    readFileSync(stamp, 'utf8') === lockHash()
  )
}

function installNodeModules() {
  if (nodeModulesAreCurrent()) return
  console.log('Installing packages (once, about a minute) …')
  const npm = process.env.npm_execpath
  const [command, args] = npm ? [process.execPath, [npm]] : ['npm', []]
  const run = spawnSync(command, [...args, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
  })
  if (run.status !== 0) {
    console.error('Packages could not be installed: `npm ci` failed, see above. Is the npm registry reachable?')
    process.exit(1)
  }
  writeFileSync(stamp, lockHash())
}

/** Needs of `npm test` beyond npm: the Debian package, a proof that it is installed, the tests skipped without it. */
const TOOLS = [
  {
    name: 'Chromium',
    packages: ['chromium', 'fonts-liberation'],
    there: () => onPath('chromium', 'CHROMIUM_PATH'),
    skips: 'the browser tests',
  },
  { name: 'Redis', packages: ['redis-server'], there: () => onPath('redis-server'), skips: 'the tests on real Redis' },
  { name: 'PostgreSQL', packages: ['postgresql'], there: postgresIsThere, skips: 'the tests on real PostgreSQL' },
]

function onPath(command, variable) {
  if (variable && process.env[variable]) return existsSync(process.env[variable])
  return (process.env.PATH ?? '')
    .split(':')
    .concat('/usr/bin', '/usr/sbin')
    .some((folder) => existsSync(join(folder, command)))
}

function postgresIsThere() {
  return (
    ['18', '17', '16', '15', '14'].some((version) => existsSync(`/usr/lib/postgresql/${version}/bin/initdb`)) ||
    onPath('initdb')
  )
}

function installTools() {
  const missing = TOOLS.filter((tool) => !tool.there())
  if (missing.length === 0) return
  const apt = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')
  if (apt) {
    console.log(`Installing ${missing.map((tool) => tool.name).join(', ')} for the tests …`)
    const packages = missing.flatMap((tool) => tool.packages)
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    spawnSync('apt-get', ['update', '-qq'], { stdio: 'ignore', env })
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], { stdio: 'ignore', env })
  }
  for (const tool of missing.filter((tool) => !tool.there())) {
    console.log(
      `Skipping ${tool.skips}: ${tool.name} is not installed (Debian/Ubuntu: sudo apt-get install ${tool.packages.join(' ')}).`,
    )
  }
}

installNodeModules()
if (process.argv.includes('--for-tests')) installTools()
