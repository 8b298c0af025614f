import { mkdirSync, statSync } from 'node:fs'
import { StartRefused } from '../contract/start-refused.ts'

/** Other accounts of this machine may enter the data folder. */
export class OpenFolder extends StartRefused {
  constructor(folder: string, mode: number) {
    super(
      `DATA_DIR ${folder} is open to other accounts (mode ${mode.toString(8).padStart(4, '0')}): run chmod 700 ${folder}`,
    )
  }
}

/** Creates the data folder for its owner alone. Throws OpenFolder when it exists and group or others may enter it. */
export function ownFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  // Windows keeps no such bits.
  if (process.platform === 'win32') return
  const mode = statSync(folder).mode & 0o7777
  if ((mode & 0o077) !== 0) throw new OpenFolder(folder, mode)
}
