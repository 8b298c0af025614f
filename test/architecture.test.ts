// Holds the table of design section 2: which room may look into which.
import { readFileSync } from 'node:fs'
import { globSync } from 'node:fs'
import { dirname, join, normalize, sep } from 'node:path'
import { describe, expect, it } from 'vitest'

/** A room may import itself and these; `npm` is any package, `node` Node's own modules. The first match names a file's room. */
const ROOMS: { room: string; at: RegExp; may: string[] }[] = [
  { room: 'contract', at: /^server\/contract\//, may: [] },
  { room: 'practice-org', at: /^server\/practice-org\//, may: [] },
  { room: 'salesforce-mcp', at: /^server\/salesforce-mcp\//, may: ['contract'] },
  { room: 'brain/domain', at: /^server\/brain\/domain\//, may: ['contract'] },
  { room: 'brain/matching', at: /^server\/brain\/matching\//, may: ['contract', 'brain/domain'] },
  { room: 'brain/knowledge', at: /^server\/brain\/knowledge\//, may: ['contract', 'brain/domain'] },
  {
    room: 'brain/reasoning',
    at: /^server\/brain\/reasoning\//,
    may: ['contract', 'brain/domain', 'brain/matching', 'brain/knowledge'],
  },
  { room: 'brain/visibility', at: /^server\/brain\/visibility\//, may: ['contract', 'brain/domain'] },
  { room: 'brain/decisions', at: /^server\/brain\/decisions\//, may: ['contract', 'brain/domain', 'brain/visibility'] },
  {
    room: 'brain/missions',
    at: /^server\/brain\/missions\//,
    may: ['contract', 'brain/domain', 'brain/matching', 'brain/knowledge', 'brain/reasoning'],
  },
  { room: 'brain/config', at: /^server\/brain\/config\//, may: ['contract', 'data-folder'] },
  {
    room: 'brain/adapters',
    at: /^server\/brain\/adapters\//,
    may: ['contract', 'brain/domain', 'brain/config', 'data-folder'],
  },
  {
    room: 'brain/doors',
    at: /^server\/brain\/(http|jobs|mcp)\//,
    may: [
      'contract',
      'brain/domain',
      'brain/missions',
      'brain/decisions',
      'brain/visibility',
      'brain/knowledge',
      'brain/reasoning',
      'brain/config',
    ],
  },
  {
    room: 'brain/compose',
    at: /^server\/brain\/[^/]+\.ts$/,
    may: [
      'contract',
      'brain/domain',
      'brain/config',
      'brain/adapters',
      'brain/missions',
      'brain/decisions',
      'brain/visibility',
      'brain/knowledge',
      'brain/reasoning',
      'brain/matching',
      'brain/doors',
      'salesforce-mcp',
    ],
  },
  { room: 'entry', at: /^server\/[^/]+\.ts$/, may: ['brain/compose', 'brain/config', 'practice'] },
  { room: 'practice', at: /^server\/practice\//, may: ['data-folder'] },
  { room: 'data-folder', at: /^server\/data-folder\//, may: [] },
]

/** Doors inside a house that only its own door may open. */
const ONLY_FOR: { what: RegExp; room: RegExp; reason: string }[] = [
  {
    what: /^(pg|drizzle-orm|@electric-sql\/pglite|bullmq|ioredis|openai|salesforce-pubsub-api-client)(\/|$)/,
    room: /^server\/brain\/adapters\//,
    reason: 'the world is reached through adapters',
  },
  { what: /^jsforce(\/|$)/, room: /^server\/salesforce-mcp\//, reason: 'only salesforce-mcp talks to Salesforce' },
  {
    what: /^express(\/|$)/,
    room: /^server\/(brain\/(http|mcp)|practice-org|salesforce-mcp)\//,
    reason: 'HTTP stays at the doors',
  },
]

const roomOf = (file: string) => ROOMS.find(({ at }) => at.test(file))

function importsOf(file: string): string[] {
  const source = readFileSync(file, 'utf8')
  return [
    ...source.matchAll(
      /^\s*(?:import|export)\s[^'"]*?from\s+['"]([^'"]+)['"]|^\s*import\s+['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]/gm,
    ),
  ].map((match) => (match[1] ?? match[2] ?? match[3])!)
}

const files = globSync('server/**/*.ts')
  .map((file) => file.split(sep).join('/'))
  .filter((file) => !file.startsWith('server/practice-org/page/client/'))

describe('the house', () => {
  it('gives every file of the server a room', () => {
    expect(files.filter((file) => !roomOf(file))).toEqual([])
  })

  it('lets no file look into a room it may not see', () => {
    const wrong = files.flatMap((file) => {
      const from = roomOf(file)!
      return importsOf(file)
        .filter((name) => name.startsWith('.'))
        .map((name) =>
          normalize(join(dirname(file), name))
            .split(sep)
            .join('/'),
        )
        .filter((target) => target.startsWith('server/'))
        .map((target) => ({ target, to: roomOf(target)?.room }))
        .filter(({ to }) => to !== from.room && !from.may.includes(to ?? ''))
        .map(({ target, to }) => `${file} (${from.room}) imports ${target} (${to})`)
    })
    expect(wrong).toEqual([])
  })

  it.each(ONLY_FOR)('imports $what only where it belongs: $reason', ({ what, room }) => {
    const wrong = files.filter((file) => !room.test(file) && importsOf(file).some((name) => what.test(name)))
    expect(wrong).toEqual([])
  })

  it('keeps the domain and the contract free of input and output', () => {
    const pure = files.filter((file) =>
      /^server\/(contract|brain\/domain|brain\/matching|brain\/reasoning)\//.test(file),
    )
    const wrong = pure.filter((file) => importsOf(file).some((name) => /^(node:(?!crypto$)|express|pino)/.test(name)))
    expect(wrong).toEqual([])
  })

  it('opens each entry in at most 30 lines', () => {
    const long = files
      .filter((file) => /^server\/(main|worker)\.ts$|^server\/(practice-org|salesforce-mcp)\/main\.ts$/.test(file))
      .filter((file) => readFileSync(file, 'utf8').trimEnd().split('\n').length > 30)
    expect(long).toEqual([])
  })
})
