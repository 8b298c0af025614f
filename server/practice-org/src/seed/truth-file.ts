// Writes what is true about a seeded org into a file while it is made: a list each beside it, put together at the end.
import { appendFileSync, chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { LISTS, type Truth, type TruthNotes } from './truth.ts'

const OWNER_ONLY = 0o600

/**
 * Notes what `work` finds true in `<folder>/<name>`, which only its owner may read. When `work` fails the file stays as
 * it was. A million accounts have more truth than should lie in memory.
 */
export function writingTruth(folder: string, name: string, work: (notes: TruthNotes) => void): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, name)
  const partOf = (list: string) => `${file}.${list}.new`
  const begun = new Set<string>()
  const small: Pick<Truth, 'sharedDomains' | 'stories'> = { sharedDomains: {}, stories: {} }
  const write = (path: string, text: string) => writeFileSync(path, text, { mode: OWNER_ONLY })
  try {
    for (const list of LISTS) write(partOf(list), '')
    work({
      add(list, entries) {
        if (entries.length === 0) return
        const text = entries.map((entry) => JSON.stringify(entry)).join(',\n')
        appendFileSync(partOf(list), begun.has(list) ? `,\n${text}` : text)
        begun.add(list)
      },
      guest: (host, account) => void (small.sharedDomains[host] ??= []).push(account),
      story: (story, told) => void (small.stories[story] = told),
    })
    write(`${file}.new`, '{')
    for (const list of LISTS) {
      appendFileSync(`${file}.new`, `"${list}":[`)
      appendFileSync(`${file}.new`, readFileSync(partOf(list)))
      appendFileSync(`${file}.new`, '],\n')
    }
    appendFileSync(`${file}.new`, JSON.stringify(small).slice(1))
    chmodSync(`${file}.new`, OWNER_ONLY)
    renameSync(`${file}.new`, file)
  } finally {
    for (const list of [...LISTS.map(partOf), `${file}.new`]) rmSync(list, { force: true })
  }
}
