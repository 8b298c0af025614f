import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { deployCommand } from './deploy/command.ts'

const root = join(import.meta.dirname, '..')

function sf(args: readonly string[], folder: string): Promise<number | null> {
  return new Promise((resolve) => {
    const child = spawn('sf', [...args], { cwd: folder, stdio: 'inherit', shell: process.platform === 'win32' })
    child.once('error', () => resolve(null))
    child.once('exit', (code) => resolve(code ?? 1))
  })
}

process.exitCode = await deployCommand(process.argv.slice(2), {
  root,
  into: join(root, '.cache', 'deploy'),
  say: (line) => console.log(line),
  sf,
})
