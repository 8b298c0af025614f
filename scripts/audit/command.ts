// `npm run audit`: recomputes what the brain's records claim and reports every run where they do not add up.
import { drizzle } from 'drizzle-orm/node-postgres'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { FolderInUse } from '../../server/data-folder/lock.ts'
import { ForeignFolder } from '../../server/brain/adapters/pglite/stamp.ts'
import type { Db } from '../../server/brain/adapters/postgres/database.ts'
import { journalEntry, run } from '../../server/brain/adapters/postgres/schema.ts'
import { bodyKeyFor, CannotAudit, openForAudit } from './open-database.ts'
import { checkRun, type RunToCheck } from './run-records.ts'

type Say = (line: string) => void

const USAGE = `Usage: npm run audit -- [--data-dir .data] [--body-key-file secrets/body.key]
       DATABASE_URL=postgres://… npm run audit    the brain may go on running then`

const NOT_COVERED =
  'Not covered: a run that was deleted whole, the last entries of a run in its present phase, times of entries, and a chain that was ' +
  'rewritten whole. Signed checkpoints with anchors in the org, which would show these, are not built yet.'

/** The exit code: 0 everything adds up, 1 findings, 2 it could not be looked at. */
export async function auditCommand(
  argv: readonly string[],
  env: Record<string, string | undefined>,
  say: Say,
): Promise<number> {
  const options = { 'data-dir': { type: 'string' }, 'body-key-file': { type: 'string' } } as const
  try {
    const { values } = parseArgs({ args: [...argv], options })
    const dataDir = resolve(values['data-dir'] ?? (env.DATA_DIR || '.data'))
    const databaseUrl = values['data-dir'] === undefined ? env.DATABASE_URL || undefined : undefined
    const bodyKey = await bodyKeyFor(dataDir, values['body-key-file'] ?? (env.BODY_KEY_FILE || undefined))
    const database = await openForAudit(dataDir, databaseUrl)
    try {
      return await checkAll(drizzle(database.pool), bodyKey, say)
    } finally {
      await database.close()
    }
  } catch (error) {
    return cannot(error, say)
  }
}

async function checkAll(db: Db, bodyKey: Buffer | null, say: Say): Promise<number> {
  const counts = { runs: 0, entries: 0, erased: 0, findings: 0 }
  for (const each of await runsIn(db)) {
    const { entries, erased, findings } = await checkRun({ db, bodyKey }, each)
    for (const { runId, n, what } of findings) say(`run ${runId}${n === null ? '' : ` entry ${n}`}: ${what}`)
    counts.runs += 1
    counts.entries += entries
    counts.erased += erased ? 1 : 0
    counts.findings += findings.length
  }
  const { runs, entries, erased, findings } = counts
  const gone = erased > 0 ? `, contents of ${counted(erased, 'run', 'runs')} erased` : ''
  const found = findings === 0 ? 'everything adds up' : counted(findings, 'finding', 'findings')
  say(`${counted(runs, 'run', 'runs')}, ${counted(entries, 'journal entry', 'journal entries')}${gone}: ${found}`)
  if (!bodyKey)
    say('Answers and change sets were not opened, only their chain was checked: name the key by --body-key-file')
  say(NOT_COVERED)
  return findings === 0 ? 0 : 1
}

const counted = (count: number, one: string, more: string) => `${count} ${count === 1 ? one : more}`

/** Every run, and every run that only a journal tells of. */
async function runsIn(db: Db): Promise<RunToCheck[]> {
  const rows = await db.select({ orgId: run.orgId, runId: run.id, phase: run.phase }).from(run).orderBy(run.id)
  const known = new Set(rows.map(({ orgId, runId }) => `${orgId}/${runId}`))
  const traces = await db.selectDistinct({ orgId: journalEntry.orgId, runId: journalEntry.runId }).from(journalEntry)
  const lost = traces.filter(({ orgId, runId }) => !known.has(`${orgId}/${runId}`))
  return [...rows, ...lost.map((trace) => ({ ...trace, phase: null }))]
}

function cannot(error: unknown, say: Say): number {
  if (!(error instanceof Error)) throw error
  const isUsage = 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
  const isForPeople = error instanceof CannotAudit || error instanceof FolderInUse || error instanceof ForeignFolder
  if (error instanceof FolderInUse) {
    say(
      `${error.folder} is in use by process ${error.pid}, which is alive: stop it first, two on one folder would lose rows`,
    )
  } else if (isForPeople || isUsage) say(error.message)
  else say(`The database could not be read: ${reasonOf(error)}`)
  if (isUsage) say(USAGE)
  return 2
}

/** The driver's own words; drizzle puts the statement in front of them. */
const reasonOf = (error: Error): string =>
  error.cause instanceof Error ? reasonOf(error.cause) : error.message || error.name
