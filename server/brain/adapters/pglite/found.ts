import { fork } from 'node:child_process'
import { existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Creates the database files where there are none. Founding takes twice the memory of working, so it is done by a process
 * that ends (with the plain compiler, which halves it again), in a folder that gets its name only when it is whole.
 */
export async function foundDatabase(folder: string): Promise<void> {
  if (existsSync(join(folder, 'PG_VERSION'))) return
  const unfinished = `${folder}.unfinished`
  await rm(unfinished, { recursive: true, force: true })
  await runFounder(unfinished)
  await rename(unfinished, folder)
}

function runFounder(folder: string): Promise<void> {
  const entry = join(import.meta.dirname, 'founder.ts')
  const child = fork(entry, [folder], { execArgv: ['--disable-warning=ExperimentalWarning', '--liftoff-only'] })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`the embedded database could not be created in ${folder}`)),
    )
  })
}
