// What the brain says about its runs and decisions, over its API.
import type { DecisionSummary, RunView } from '../../../server/contract/http.ts'
import type { Person } from '../../../test/support/person.ts'

export interface BrainFacts {
  runs: RunView[]
  decisions: Map<string, DecisionSummary>
}

interface Page<T> {
  items: T[]
  next: string | null
}

async function everyPage<T>(person: Person, path: string, filter = ''): Promise<T[]> {
  const items: T[] = []
  let before = ''
  for (;;) {
    const page: Page<T> = await person.get(`${path}?limit=100${filter}${before && `&before=${before}`}`)
    items.push(...page.items)
    if (!page.next) return items
    before = page.next
  }
}

export async function readBrain(person: Person): Promise<BrainFacts> {
  const runs = await everyPage<RunView>(person, '/runs')
  const decisions = await everyPage<DecisionSummary>(person, '/decisions')
  return { runs, decisions: new Map(decisions.map((decision) => [decision.id, decision])) }
}

const OPEN = ['running', 'waiting', 'held', 'paused'] as const

/** Follows how many runs have begun and ended, without reading all of them each time. */
export class RunCounts {
  readonly #person: Person
  readonly #seen = new Set<string>()

  constructor(person: Person) {
    this.#person = person
  }

  async now(): Promise<{ begun: number; open: number }> {
    await this.#see()
    const lists = await Promise.all(
      OPEN.map((status) => everyPage<RunView>(this.#person, '/runs', `&status=${status}`)),
    )
    return { begun: this.#seen.size, open: lists.reduce((sum, { length }) => sum + length, 0) }
  }

  /** Newest first, until one that was seen before. */
  async #see(): Promise<void> {
    let before = ''
    for (;;) {
      const page: Page<RunView> = await this.#person.get(`/runs?limit=100${before}`)
      const news = page.items.filter(({ id }) => !this.#seen.has(id))
      for (const { id } of news) this.#seen.add(id)
      if (!page.next || news.length < page.items.length) return
      before = `&before=${page.next}`
    }
  }
}
