import { fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/**
 * Creates the database files if they are missing. Creating takes twice the memory of running, so a process that ends does
 * it (with the plain compiler, which halves it again), in a folder that gets its name only when it is complete.
 */
export async function foundDatabase(folder: string): Promise<void> {
  if (existsSync(join(folder, 'PG_VERSION'))) return
  // A unique name: the creating process of a killed parent may still write for a moment.
  const unfinished = `${folder}.unfinished-${randomUUID()}`
  await runFounder(unfinished)
  await rename(unfinished, folder)
  await forgetUnfinished(folder)
}

/** Removes the incomplete folders of killed processes. */
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
