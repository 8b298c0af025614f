import { z } from 'zod'
import { RunView } from '../../../../contract/http.ts'
import { NotFound } from '../../../domain/errors.ts'
import type { Run } from '../../../domain/run.ts'
import type { Store } from '../../../ports/store.ts'
import { isWatched } from '../../../trials/compare-watched.ts'
import { route } from '../../requests/route.ts'
import { seenRuns } from '../../views/seen-runs.ts'

const MOST_RUNS = 1_000
const PAGE = 200
const MOST_SHOWN = 100

export const getWatch = route({
  method: 'get',
  path: '/api/v1/missions/{name}/watch',
  summary: 'How often people did what a watching version would have proposed, by field, and where they did not',
  needs: ['Administer_Missions'],
  answers: z.object({
    name: z.string(),
    watching: z.boolean().describe('Whether the active version watches'),
    runs: z.number().describe('Runs that would have proposed something, of the newest 1,000'),
    compared: z.number(),
    fields: z.array(z.object({ field: z.string(), agreed: z.number(), differed: z.number() })),
    differing: z.array(RunView).describe('The newest runs with differences, as far as the caller may see them'),
  }),
  async handle(doors, { caller, param }) {
    const { store } = doors
    const name = param('name')
    if (!(await store.mission(name))) throw new NotFound('mission')
    const active = (await store.activeMissions()).find((each) => each.name === name)
    const runs = await watchedRuns(store, name)
    const compared = runs.filter((run) => run.watched)
    const differing = compared.filter(({ differences }) => differences.length > 0).slice(0, MOST_SHOWN)
    return {
      name,
      watching: active?.definition.watch !== undefined,
      runs: runs.length,
      compared: compared.length,
      fields: figuresOf(compared),
      differing: await seenRuns(doors, caller, differing),
    }
  },
})

async function watchedRuns(store: Pick<Store, 'runs'>, mission: string): Promise<Run[]> {
  const found: Run[] = []
  let before: string | undefined
  for (let read = 0; read < MOST_RUNS; read += PAGE) {
    const page = await store.runs({ mission, status: 'done', limit: PAGE, ...(before !== undefined && { before }) })
    found.push(...page.filter(isWatched))
    if (page.length < PAGE) break
    before = page.at(-1)?.id
  }
  return found
}

function figuresOf(runs: readonly Run[]): { field: string; agreed: number; differed: number }[] {
  const figures = new Map<string, { agreed: number; differed: number }>()
  const at = (field: string) => {
    const known = figures.get(field) ?? { agreed: 0, differed: 0 }
    figures.set(field, known)
    return known
  }
  for (const { watched, differences } of runs) {
    for (const field of watched?.agreed ?? []) at(field).agreed += 1
    for (const { record, field } of differences) at(`${record.object}.${field}`).differed += 1
  }
  return [...figures].map(([field, counts]) => ({ field, ...counts })).sort((a, b) => (a.field < b.field ? -1 : 1))
}
