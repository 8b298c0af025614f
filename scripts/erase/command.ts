// `npm run erase`: destroys, for good, the brain's data about a record, of one run, or of all runs that ended before a day.
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { NewerSchema } from '../../server/brain/adapters/postgres/migrate.ts'
import { BrainError } from '../../server/brain/domain/errors.ts'
import { recordId18 } from '../../server/brain/domain/record-id.ts'
import {
  eraseEndedBefore,
  eraseRecord,
  eraseRun,
  runsAbout,
  type Asked,
  type EraseDeps,
} from '../../server/brain/erasure/erase-runs.ts'
import { StartRefused } from '../../server/contract/start-refused.ts'
import { FolderInUse } from '../../server/data-folder/lock.ts'
import { CannotAudit } from '../audit/open-database.ts'
import { CannotErase, openForErasing } from './open-store.ts'
import { isUsageError, type Say } from '../shared/command-line.ts'

interface About {
  env: Record<string, string | undefined>
  /** The operator's name, stored with the erasure. */
  account: string
}

const USAGE = `Usage: npm run erase -- --record <id> --reason <text>       every run that holds something about the record
       npm run erase -- --run <id> --reason <text>
       npm run erase -- --before <YYYY-MM-DD> --reason <text>   every run that ended before that day, in UTC
       With --dry-run: only says which. Options: [--data-dir .data] [--body-key-file secrets/body.key]
       [--checkpoint-key-file secrets/checkpoint.pem] [--org <id>]
       DATABASE_URL=postgres://… npm run erase -- …             the brain may go on running then`

/** The exit code: 0 erased, 1 refused or nothing to erase, 2 failed. An erasure cannot be undone. */
export async function eraseCommand(argv: readonly string[], { env, account }: About, say: Say): Promise<number> {
  try {
    const { values } = parseArgs({ args: [...argv], options: OPTIONS })
    const what = whatOf(values)
    const { store, ...parts } = await openForErasing({
      dataDir: resolve(values['data-dir'] ?? (env.DATA_DIR || '.data')),
      databaseUrl: values['data-dir'] === undefined ? env.DATABASE_URL || undefined : undefined,
      bodyKeyFile: values['body-key-file'] ?? (env.BODY_KEY_FILE || undefined),
      checkpointKeyFile: values['checkpoint-key-file'] ?? (env.CHECKPOINT_KEY_FILE || undefined),
      orgId: values.org ?? (env.ORG_ID || undefined),
    })
    try {
      const deps = { store, ...parts }
      if (values['dry-run']) return await onlySay(deps, what, say)
      return await erase(deps, what, { by: { kind: 'command', name: account }, reason: what.reason }, say)
    } finally {
      await parts.close()
    }
  } catch (error) {
    return cannot(error, say)
  }
}

const OPTIONS = {
  record: { type: 'string' },
  run: { type: 'string' },
  before: { type: 'string' },
  reason: { type: 'string' },
  'dry-run': { type: 'boolean' },
  'data-dir': { type: 'string' },
  'body-key-file': { type: 'string' },
  'checkpoint-key-file': { type: 'string' },
  org: { type: 'string' },
} as const

interface What {
  kind: 'record' | 'run' | 'before'
  /** Record id of 18 characters, run id, or ISO time. */
  value: string
  reason: string
}

type Given = Partial<Record<'record' | 'run' | 'before' | 'reason', string>>

function whatOf({ record, run, before, reason = '' }: Given): What {
  const given = [record, run, before].filter((value) => value !== undefined)
  if (given.length !== 1) throw new CannotErase(`Name a record, a run or a day, and only one of them\n${USAGE}`)
  if (reason.trim().length < 3) throw new CannotErase('Say why by --reason: it is kept with the erasure, for good')
  const why = { reason: reason.trim() }
  if (record !== undefined) {
    const id = recordId18(record)
    if (id === null) throw new CannotErase(`${record} is not a Salesforce record id`)
    return { kind: 'record', value: id, ...why }
  }
  if (run !== undefined) return { kind: 'run', value: run, ...why }
  if (!/^\d{4}-\d\d-\d\d$/.test(before ?? '')) throw new CannotErase(`${before} is not a day, such as 2026-01-31`)
  return { kind: 'before', value: `${before}T00:00:00.000Z`, ...why }
}

async function onlySay({ store }: EraseDeps, { kind, value }: What, say: Say): Promise<number> {
  const page = kind === 'before' ? await store.endedBefore(value, MOST_SAID) : []
  const runs = kind === 'record' ? await runsAbout(store, value) : kind === 'run' ? [value] : page
  for (const id of runs.slice(0, MOST_SAID)) {
    const run = await store.run(id)
    if (run && !run.erased) say(`run ${id}: ${run.title}, ${run.status}, since ${run.startedAt}`)
  }
  const more = runs.length >= MOST_SAID ? ', and there may be more' : ''
  say(`${runs.length} ${runs.length === 1 ? 'run' : 'runs'} would be erased${more}. Nothing was`)
  return runs.length > 0 ? 0 : 1
}

const MOST_SAID = 1000

async function erase(deps: EraseDeps, { kind, value }: What, asked: Asked, say: Say): Promise<number> {
  const count =
    kind === 'before'
      ? await eraseEndedBefore(deps, value, asked)
      : (await (kind === 'record' ? eraseRecord : eraseRun)(deps, value, asked)).runs.length
  if (count === 0) {
    say('No run that ended before that day still holds anything: nothing was erased')
    return 1
  }
  // The newest link of each chain holds the erasure; signed at once, its removal would be detected.
  await deps.store.checkpoint()
  await deps.store.clearDeadRows()
  say(
    `Contents of ${count} ${count === 1 ? 'run' : 'runs'} erased: keys, answers, change sets and observations are gone`,
  )
  say(
    'Chains, times, statuses, verdicts, record ids and this erasure stay. Backups keep what they held until they expire',
  )
  return 0
}

function cannot(error: unknown, say: Say): number {
  if (!(error instanceof Error)) throw error
  const isUsage = isUsageError(error)
  if (error instanceof BrainError) {
    say(`${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}`)
    return 1
  }
  if (error instanceof FolderInUse) {
    say(
      `${error.folder} is in use by process ${error.pid}, which is alive: stop it first, or ask it by POST /api/v1/erasures`,
    )
  } else if (isUsage || FOR_PEOPLE.some((kind) => error instanceof kind)) say(error.message)
  else say(`The database could not be used: ${reasonOf(error)}`)
  if (isUsage) say(USAGE)
  return 2
}

const FOR_PEOPLE = [CannotErase, CannotAudit, StartRefused, NewerSchema]

/** The driver's message, without the statement and its values that drizzle puts in front. */
const reasonOf = (error: Error): string =>
  error.cause instanceof Error ? reasonOf(error.cause) : error.message || error.name
