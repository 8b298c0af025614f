import { fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/**
 * Creates the database files where there are none. Founding takes twice the memory of working, so it is done by a process
 * that ends (with the plain compiler, which halves it again), in a folder that gets its name only when it is whole.
 */
export async function foundDatabase(folder: string): Promise<void> {
  if (existsSync(join(folder, 'PG_VERSION'))) return
  // A name of its own: the founder of a process that was killed may still write for a moment.
  const unfinished = `${folder}.unfinished-${randomUUID()}`
  await runFounder(unfinished)
  await rename(unfinished, folder)
  await forgetUnfinished(folder)
}

/** Removes what killed processes left of their beginnings. */
async function forgetUnfinished(folder: string): Promise<void> {
  const names = await readdir(dirname(folder))
  const left = names.filter((name) => name.startsWith(`${basename(folder)}.unfinished`))
  for (const name of left) await rm(join(dirname(folder), name), { recursive: true, force: true }).catch(() => {})
}

function runFounder(folder: string): Promise<void> {
  const entry = join(import.meta.dirname, 'create-database.ts')
  const child = fork(entry, [folder], { execArgv: ['--disable-warning=ExperimentalWarning', '--liftoff-only'] })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`the embedded database could not be created in ${folder}`)),
    )
  })
}
