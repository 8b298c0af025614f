// What thinks, in one short text: a run that is computed again by the same engine must come out the same to the byte.
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join, sep } from 'node:path'

const SERVER = join(import.meta.dirname, '..', '..')
/** Rules, data tables, prompts and the words of both; definitions and knowledge have versions of their own. */
const THINKING = [
  'contract',
  ...[
    'domain',
    'runs',
    'phases',
    'missions',
    'questions',
    'expressions',
    'matching',
    'knowledge',
    'decisions',
    'undo',
  ].map(inBrain),
]
const VERSIONED = inBrain('missions/catalog')

function inBrain(room: string): string {
  return `brain/${room}`
}

/** 16 hexadecimal digits over every file that has a part in thinking, and the versions of the packages it uses. */
export async function rulesetFingerprint(server = SERVER): Promise<string> {
  const hash = createHash('sha256')
  for (const folder of THINKING) {
    const found = await readdir(join(server, folder), { recursive: true, withFileTypes: true })
    const files = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
    for (const file of files.sort()) {
      const name = file
        .slice(server.length + 1)
        .split(sep)
        .join('/')
      if (!name.startsWith(VERSIONED))
        hash
          .update(`${name}\n`)
          .update(await readFile(file))
          .update('\n')
    }
  }
  const { dependencies } = JSON.parse(await readFile(join(server, '..', 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>
  }
  return hash.update(JSON.stringify(dependencies)).digest('hex').slice(0, 16)
}
