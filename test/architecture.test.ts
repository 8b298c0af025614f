// The rooms of docs/architecture.md: which may look into which, and that neither files nor folders form a circle.
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, sep } from 'node:path'
import { describe, expect, it } from 'vitest'

const BASE = ['contract', 'brain/domain']
const MACHINE = [...BASE, 'brain/ports', 'brain/runs']

/** A room may import itself and these. The first match names a file's room. */
const ROOMS: { room: string; at: RegExp; may: readonly string[] }[] = [
  { room: 'contract', at: /^server\/contract\//, may: [] },
  { room: 'practice-org', at: /^server\/practice-org\//, may: [] },
  { room: 'watchdog', at: /^server\/watchdog\//, may: [] },
  { room: 'salesforce-mcp', at: /^server\/salesforce-mcp\//, may: ['contract', 'settings', 'watchdog'] },
  { room: 'brain/domain', at: /^server\/brain\/domain\//, may: ['contract'] },
  { room: 'brain/ports', at: /^server\/brain\/ports\//, may: BASE },
  { room: 'brain/prompts', at: /^server\/brain\/prompts\//, may: [] },
  { room: 'brain/matching', at: /^server\/brain\/matching\//, may: BASE },
  { room: 'brain/expressions', at: /^server\/brain\/expressions\//, may: [...BASE, 'brain/matching'] },
  { room: 'brain/knowledge', at: /^server\/brain\/knowledge\//, may: [...BASE, 'brain/expressions'] },
  { room: 'brain/runs', at: /^server\/brain\/runs\//, may: [...BASE, 'brain/ports'] },
  { room: 'brain/visibility', at: /^server\/brain\/visibility\//, may: [...BASE, 'brain/ports'] },
  { room: 'brain/undo/plan', at: /^server\/brain\/undo\/plan\//, may: [...BASE, 'brain/ports'] },
  {
    room: 'brain/decisions',
    at: /^server\/brain\/decisions\//,
    may: [...MACHINE, 'brain/prompts', 'brain/visibility', 'brain/undo/plan'],
  },
  {
    room: 'brain/missions',
    at: /^server\/brain\/missions\//,
    may: [...BASE, 'brain/ports', 'brain/knowledge', 'brain/expressions', 'brain/questions', 'brain/decisions'],
  },
  {
    room: 'brain/questions',
    at: /^server\/brain\/questions\//,
    may: [...MACHINE, 'brain/prompts', 'brain/knowledge', 'brain/expressions', 'brain/matching'],
  },
  {
    room: 'brain/phases',
    at: /^server\/brain\/phases\//,
    may: [
      ...MACHINE,
      'brain/missions',
      'brain/questions',
      'brain/knowledge',
      'brain/expressions',
      'brain/matching',
      'brain/undo/plan',
    ],
  },
  {
    room: 'brain/undo',
    at: /^server\/brain\/undo\//,
    may: [...MACHINE, 'brain/undo/plan', 'brain/missions'],
  },
  { room: 'brain/triggers', at: /^server\/brain\/triggers\//, may: [...MACHINE, 'brain/missions'] },
  { room: 'brain/replay', at: /^server\/brain\/replay\//, may: [...MACHINE, 'brain/decisions'] },
  {
    room: 'brain/trials',
    at: /^server\/brain\/trials\//,
    may: [
      ...MACHINE,
      'brain/missions',
      'brain/phases',
      'brain/questions',
      'brain/knowledge',
      'brain/expressions',
      'brain/replay',
      'brain/decisions',
    ],
  },
  { room: 'brain/erasure', at: /^server\/brain\/erasure\//, may: MACHINE },
  { room: 'brain/oversight', at: /^server\/brain\/oversight\//, may: [...BASE, 'brain/ports'] },
  { room: 'brain/evidence', at: /^server\/brain\/evidence\//, may: [...BASE, 'brain/ports'] },
  { room: 'settings', at: /^server\/settings\//, may: ['contract', 'data-folder'] },
  {
    room: 'brain/adapters',
    at: /^server\/brain\/adapters\//,
    may: [...BASE, 'brain/ports', 'settings', 'data-folder'],
  },
  {
    room: 'brain/doors',
    at: /^server\/brain\/(http|jobs|mcp)\//,
    may: [
      ...MACHINE,
      'brain/missions',
      'brain/decisions',
      'brain/visibility',
      'brain/undo',
      'brain/undo/plan',
      'brain/replay',
      'brain/trials',
      'brain/erasure',
      'brain/evidence',
      'brain/oversight',
      'brain/triggers',
      'settings',
    ],
  },
  {
    room: 'brain/boot',
    at: /^server\/brain\/boot\//,
    may: [
      ...MACHINE,
      'settings',
      'brain/adapters',
      'brain/missions',
      'brain/phases',
      'brain/prompts',
      'brain/questions',
      'brain/decisions',
      'brain/oversight',
      'brain/undo',
      'brain/triggers',
      'brain/replay',
      'brain/trials',
      'brain/doors',
      'salesforce-mcp',
      'watchdog',
    ],
  },
  { room: 'entry', at: /^server\/[^/]+\.ts$/, may: ['brain/boot', 'settings', 'practice'] },
  { room: 'practice', at: /^server\/practice\//, may: ['data-folder', 'watchdog'] },
  { room: 'data-folder', at: /^server\/data-folder\//, may: ['contract'] },
]

/** Packages that only one room may use. */
const ONLY_FOR: { what: RegExp; room: RegExp; reason: string }[] = [
  {
    what: /^(pg|drizzle-orm|@electric-sql\/pglite|bullmq|ioredis|openai|salesforce-pubsub-api-client)(\/|$)/,
    room: /^server\/(brain\/adapters|practice-org\/test)\//,
    reason: 'the world is reached through adapters',
  },
  {
    what: /^jsforce(\/|$)/,
    room: /^server\/(salesforce-mcp|practice-org\/test)\//,
    reason: 'only salesforce-mcp talks to Salesforce',
  },
  {
    what: /^express(\/|$)/,
    room: /^server\/(brain\/(http|mcp)|practice-org|salesforce-mcp)\//,
    reason: 'HTTP stays at the doors',
  },
]

const MOST_FILES_IN_A_FOLDER = 25

const posix = (path: string): string => path.split(sep).join('/')
const roomOf = (file: string) => ROOMS.find(({ at }) => at.test(file))

const IMPORT =
  /^\s*(?:import|export)\s[^'"]*?from\s+['"]([^'"]+)['"]|^\s*import\s+['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]/gm

function importsOf(file: string): string[] {
  return [...readFileSync(file, 'utf8').matchAll(IMPORT)].map((match) => (match[1] ?? match[2] ?? match[3])!)
}

const filesIn = (...patterns: string[]): string[] =>
  globSync(patterns, { exclude: (path) => path.includes('node_modules') })
    .map(posix)
    .sort()

const files = filesIn('server/**/*.ts').filter((file) => !/^server\/practice-org\/(src\/)?page\/client\//.test(file))

/** Every import of a file by a file, type imports too. */
function arrowsOf(all: readonly string[]): [string, string][] {
  const known = new Set(all)
  return all.flatMap((file) =>
    importsOf(file)
      .filter((name) => name.startsWith('.'))
      .map((name) => posix(normalize(join(dirname(file), name))))
      .filter((target) => known.has(target))
      .map((target): [string, string] => [file, target]),
  )
}

/** Groups of nodes that reach each other, by Tarjan's algorithm. */
function circlesOf(arrows: readonly (readonly [string, string])[]): string[][] {
  const next = new Map<string, Set<string>>()
  for (const [from, to] of arrows) {
    next.set(from, (next.get(from) ?? new Set()).add(to))
    if (!next.has(to)) next.set(to, new Set())
  }
  const found: string[][] = []
  const order = new Map<string, number>()
  const low = new Map<string, number>()
  const open: string[] = []
  const visit = (node: string): void => {
    order.set(node, order.size)
    low.set(node, order.get(node)!)
    open.push(node)
    for (const target of next.get(node)!) {
      if (target === node) continue
      if (!order.has(target)) visit(target)
      if (open.includes(target)) low.set(node, Math.min(low.get(node)!, low.get(target)!))
    }
    if (low.get(node) !== order.get(node)) return
    const circle = open.splice(open.indexOf(node))
    if (circle.length > 1) found.push(circle.sort())
  }
  for (const node of next.keys()) if (!order.has(node)) visit(node)
  return found
}

describe('the house', () => {
  it('gives every file of the server a room', () => {
    expect(files.filter((file) => !roomOf(file))).toEqual([])
  })

  it('lets no file look into a room it may not see', () => {
    const wrong = arrowsOf(files).flatMap(([file, target]) => {
      const [from, to] = [roomOf(file)!, roomOf(target)!.room]
      return to === from.room || from.may.includes(to) ? [] : [`${file} (${from.room}) imports ${target} (${to})`]
    })
    expect(wrong).toEqual([])
  })

  it('has no circle of files, by value or by type', () => {
    expect(circlesOf(arrowsOf(files))).toEqual([])
  })

  it('has no circle of folders: loose files are all above their subfolders or all below', () => {
    const arrows = arrowsOf(files).map(([from, to]) => [dirname(from), dirname(to)] as const)
    expect(circlesOf(arrows)).toEqual([])
  })

  it('sees a circle where there is one', () => {
    const arrows = [
      ['a', 'b'],
      ['b', 'c'],
      ['c', 'a'],
      ['c', 'd'],
      ['d', 'd'],
    ] as const
    expect(circlesOf(arrows)).toEqual([['a', 'b', 'c']])
  })

  it(`keeps at most ${MOST_FILES_IN_A_FOLDER} files of code in a folder`, () => {
    const counts = new Map<string, number>()
    for (const file of filesIn('{server,scripts,test,force-app}/**/*.{ts,mjs,cls}')) {
      counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1)
    }
    expect([...counts].filter(([, count]) => count > MOST_FILES_IN_A_FOLDER)).toEqual([])
  })

  it.each(ONLY_FOR)('imports $what only where it belongs: $reason', ({ what, room }) => {
    const wrong = files.filter((file) => !room.test(file) && importsOf(file).some((name) => what.test(name)))
    expect(wrong).toEqual([])
  })

  it('keeps the domain and the contract free of input and output', () => {
    const pure = files.filter((file) => /^server\/(contract|brain\/(domain|matching|questions))\//.test(file))
    const wrong = pure.filter((file) => importsOf(file).some((name) => /^(node:(?!crypto$)|express|pino)/.test(name)))
    expect(wrong).toEqual([])
  })

  it('opens each entry in at most 30 lines', () => {
    const long = files
      .filter((file) =>
        /^server\/(main|worker)\.ts$|^server\/(practice-org(\/src)?|salesforce-mcp)\/main\.ts$/.test(file),
      )
      .filter((file) => readFileSync(file, 'utf8').trimEnd().split('\n').length > 30)
    expect(long).toEqual([])
  })
})
