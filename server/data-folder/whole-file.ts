import { randomUUID } from 'node:crypto'
import { linkSync, rmSync, writeFileSync } from 'node:fs'

/** Errors of file systems without hard links. */
const NO_LINKS = ['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK']

const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : '')

/**
 * Creates the file, for its owner alone, complete from the first moment: another process that starts now reads all of it or
 * finds none. False when it exists already; of several processes exactly one gets true.
 */
export function createWhole(path: string, text: string): boolean {
  const draft = `${path}.${randomUUID()}`
  writeFileSync(draft, text, { mode: 0o600, flag: 'wx' })
  try {
    return made(() => linkSync(draft, path))
  } catch (error) {
    if (!NO_LINKS.includes(codeOf(error))) throw error
    return made(() => writeFileSync(path, text, { mode: 0o600, flag: 'wx' }))
  } finally {
    rmSync(draft, { force: true })
  }
}

function made(make: () => void): boolean {
  try {
    make()
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}
