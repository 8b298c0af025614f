// What a watching version would have set, beside what people did: its runs' fields are read again some days later.
import { setBy } from '../../contract/operations/operation.ts'
import { sameValue, type FieldValue } from '../../contract/values/field-value.ts'
import { addSeconds } from '../../contract/values/instant.ts'
import type { RecordKey } from '../../contract/values/ids.ts'
import { ContentsErased, SalesforceError } from '../domain/errors.ts'
import type { MissionVersion } from '../domain/mission.ts'
import type { Proposal } from '../domain/proposal.ts'
import type { Difference, Run } from '../domain/run.ts'
import type { Clock } from '../ports/clock.ts'
import type { Salesforce } from '../ports/salesforce.ts'
import type { Reads, Transactions } from '../ports/store.ts'
import { grantedQueries } from './granted-queries.ts'
import { proposalIn } from './read-trial.ts'

interface CompareDeps {
  store: Pick<Reads, 'activeMissions' | 'runs' | 'journal'> & Transactions
  salesforce: Salesforce
  clock: Clock
}

const DAY_SECONDS = 86_400
/** A run that could not be compared for so long, e.g. since its mission was withdrawn, is compared no more. */
const GIVEN_UP_DAYS = 14
const PAGE = 100

/** Compares each run of an active watching version whose days are over, once. Throws SalesforceError: the rest waits for the next look. */
export async function compareWatched(deps: CompareDeps): Promise<void> {
  for (const mission of await deps.store.activeMissions()) {
    const { watch } = mission.definition
    if (!watch) continue
    for (const run of await dueRuns(deps, mission.name, watch.days)) {
      await compare(deps, mission, run).catch((error: unknown) => {
        // One run that cannot be read, e.g. since the version reads its fields no more, keeps no other waiting.
        if (!isOfOneRun(error)) throw error
      })
    }
  }
}

const isOfOneRun = (error: unknown): boolean =>
  error instanceof ContentsErased || (error instanceof SalesforceError && !error.error.retryable)

/** True for a run of a watching version, and not for a dry run, that would have proposed something. */
export const isWatched = ({ verdict, trigger, erased }: Run): boolean =>
  verdict === 'trial' && trigger.trial === undefined && erased === null

async function dueRuns({ store, clock }: CompareDeps, mission: string, days: number): Promise<Run[]> {
  const now = clock.now()
  const oldest = addSeconds(now, -(days + GIVEN_UP_DAYS) * DAY_SECONDS)
  const newest = addSeconds(now, -days * DAY_SECONDS)
  const due: Run[] = []
  let before: string | undefined
  for (;;) {
    const page = await store.runs({ mission, status: 'done', limit: PAGE, ...(before !== undefined && { before }) })
    due.push(
      ...page.filter((run) => isWatched(run) && !run.watched && run.updatedAt <= newest && run.startedAt >= oldest),
    )
    const last = page.at(-1)
    if (page.length < PAGE || !last || last.startedAt < oldest) return due
    before = last.id
  }
}

interface Wanted {
  record: RecordKey
  field: string
  to: FieldValue
}

async function compare({ store, salesforce, clock }: CompareDeps, mission: MissionVersion, run: Run): Promise<void> {
  const proposal = await proposalIn(store, run)
  const wanted = proposal ? wantedOf(proposal) : []
  const found = await readAgain(salesforce, mission, run, wanted)
  const isAgreed = ({ record, field, to }: Wanted) => sameValue(found.get(record.id)?.[field], to, null)
  const agreed = wanted.filter(isAgreed).map(({ record, field }) => `${record.object}.${field}`)
  const differences = wanted
    .filter((each) => !isAgreed(each))
    .map(({ record, field, to }): Difference => {
      const values = found.get(record.id)
      return {
        record,
        recordName: proposal?.names[record.id]?.name ?? null,
        field,
        proposed: to,
        found: values?.[field] ?? null,
        expected: false,
        reason: values ? 'people left or set another value' : 'the record is no longer there',
      }
    })
  await store.transaction(async (tx) => {
    const now = await tx.lockRun(run.id)
    // Another worker compared it, or it was erased meanwhile.
    if (!now || now.watched || now.erased) return
    await tx.updateRun(run.id, { watched: { at: clock.now(), agreed }, differences })
  })
}

/** Values on records that were there: what a watching version would have created is not looked for. */
const wantedOf = ({ operations }: Proposal): Wanted[] =>
  operations.flatMap(setBy).flatMap(({ record, field, to }) => (record ? [{ record, field, to }] : []))

async function readAgain(
  salesforce: Salesforce,
  mission: MissionVersion,
  { id: runId }: Run,
  wanted: readonly Wanted[],
): Promise<Map<string, Readonly<Record<string, FieldValue>>>> {
  const objects = [...new Set(wanted.map(({ record }) => record.object))]
  const found = new Map<string, Readonly<Record<string, FieldValue>>>()
  for (const object of objects) {
    const own = wanted.filter(({ record }) => record.object === object)
    const fields = [...new Set(own.map(({ field }) => field))].filter((field) => field !== 'Id')
    const ids = [...new Set(own.map(({ record }) => `'${record.id}'`))].join(', ')
    const query = `SELECT ${['Id', ...fields].join(', ')} FROM ${object} WHERE Id IN (${ids})`
    const [records = []] = await grantedQueries(salesforce, mission, [query], { runId })
    for (const { id, values } of records) found.set(id, values)
  }
  return found
}
