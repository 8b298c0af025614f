import { refusal } from '../../wire/http/errors.ts'

/** A job in a list, with its place in it. */
export type Listed = Record<string, unknown> & { n: number }

const PAGE = 1000

/**
 * One page of the jobs an address asks for: `isPkChunkingEnabled`, `jobType` and `concurrencyMode` choose, `queryLocator`
 * goes on.
 * Throws OrgError for a locator that is none.
 */
export function listPage(url: URL, jobs: Listed[]): Record<string, unknown> {
  const params = url.searchParams
  const after = params.get('queryLocator') ?? ''
  if (!/^\d*$/.test(after)) throw refusal.badInput('invalid query locator', 'INVALID_QUERY_LOCATOR')
  const is = (job: Listed, name: string): boolean => {
    const wanted = params.get(name)
    return !wanted || String(job[name] ?? '').toLowerCase() === wanted.toLowerCase()
  }
  const wanted = jobs
    .filter((job) => is(job, 'jobType') && is(job, 'concurrencyMode'))
    .filter((job) => params.get('isPkChunkingEnabled') !== 'true' || job['isPkChunkingEnabled'] === true)
    .filter(({ n }) => n > Number(after))
    .sort((a, b) => a.n - b.n)
  const page = wanted.slice(0, PAGE)
  const done = page.length === wanted.length
  params.set('queryLocator', String(page.at(-1)?.n ?? 0))
  return {
    done,
    nextRecordsUrl: done ? null : `${url.pathname}?${params.toString()}`,
    records: page.map(({ n: _, isPkChunkingEnabled: __, ...job }) => job),
  }
}
