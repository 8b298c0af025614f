// `npm run audit`: recomputes what the brain's records claim and reports every run where they do not add up.
import type { KeyObject } from 'node:crypto'
import { drizzle } from 'drizzle-orm/node-postgres'
import { union } from 'drizzle-orm/pg-core'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { StartRefused } from '../../server/contract/start-refused.ts'
import { FolderInUse } from '../../server/data-folder/lock.ts'
import type { Db } from '../../server/brain/adapters/postgres/session/database.ts'
import { journalEntry, ledgerEntry, run } from '../../server/brain/adapters/postgres/session/schema.ts'
import { checkCheckpoints, type CheckedCheckpoints } from './checkpoints.ts'
import {
  anchorsIn,
  bodyKeyFor,
  CannotAudit,
  checkpointKeysFor,
  openForAudit,
  publicKeysIn,
  type CheckpointKeys,
} from './open-database.ts'
import { checkMissions, type StartedUnder } from './missions.ts'
import { checkModels, type AskedModel } from './models.ts'
import { writePack } from './pack.ts'
import { checkRun, type RunToCheck } from './run-records.ts'
import { checkSwitch } from './switches.ts'
import { isUsageError, type Say } from '../shared/command-line.ts'

const USAGE = `Usage: npm run audit -- [--data-dir .data] [--body-key-file secrets/body.key]
                       [--checkpoint-key-file checkpoint.pub.pem]… [--anchors anchors.csv]
                       [--org-key-file org.public.pem]…
       npm run audit -- pack RUN [--out evidence.tar] …    the evidence of one run, to hand to an auditor
       DATABASE_URL=postgres://… npm run audit -- …    the brain may go on running then
       Anchors come from the org, by your own login:
       sf data query --query "SELECT Anchor__c FROM Mission_Receipt__c WHERE Anchor__c != null" --result-format csv`

/** The exit code: 0 no mismatch, 1 mismatches, 2 the audit could not run. */
export async function auditCommand(
  argv: readonly string[],
  env: Record<string, string | undefined>,
  say: Say,
): Promise<number> {
  try {
    const { values, positionals } = parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true })
    const runId = packedRun(positionals)
    const dataDir = resolve(values['data-dir'] ?? (env.DATA_DIR || '.data'))
    const databaseUrl = values['data-dir'] === undefined ? env.DATABASE_URL || undefined : undefined
    const given = {
      bodyKey: await bodyKeyFor(dataDir, values['body-key-file'] ?? (env.BODY_KEY_FILE || undefined)),
      checkpointKeys: await checkpointKeysFor(dataDir, values['checkpoint-key-file'] ?? []),
      anchors: await anchorsIn(values.anchors),
      orgKeys: await publicKeysIn(values['org-key-file'] ?? []),
    }
    if (given.anchors.length > 0 && !given.checkpointKeys) {
      throw new CannotAudit('Anchors are compared with checkpoints: name their public key by --checkpoint-key-file')
    }
    const database = await openForAudit(dataDir, databaseUrl)
    try {
      if (runId !== null) {
        const out = values.out ?? `evidence-${runId}.tar`
        await writePack(database.pool, { runId, bodyKey: given.bodyKey, out }, say)
        return 0
      }
      return await checkAll(drizzle(database.pool), given, say)
    } finally {
      await database.close()
    }
  } catch (error) {
    return cannot(error, say)
  }
}

/** The run whose evidence is asked for; null when all runs are to be checked. */
function packedRun([verb, runId, ...more]: readonly string[]): string | null {
  if (verb === undefined) return null
  if (verb !== 'pack' || runId === undefined || more.length > 0) throw new CannotAudit(USAGE)
  return runId
}

const OPTIONS = {
  'data-dir': { type: 'string' },
  'body-key-file': { type: 'string' },
  'checkpoint-key-file': { type: 'string', multiple: true },
  anchors: { type: 'string' },
  out: { type: 'string' },
  'org-key-file': { type: 'string', multiple: true },
} as const

interface Given {
  bodyKey: Buffer | null
  checkpointKeys: CheckpointKeys | null
  anchors: string[]
  orgKeys: KeyObject[]
}

async function checkAll(db: Db, { bodyKey, checkpointKeys, anchors, orgKeys }: Given, say: Say): Promise<number> {
  const started: StartedUnder[] = []
  const asked: AskedModel[] = []
  const counts = { runs: 0, entries: 0, erased: 0, findings: 0 }
  for (const each of await runsIn(db)) {
    const { entries, erased, mission, models, findings } = await checkRun({ db, bodyKey, orgKeys }, each)
    if (mission) started.push({ orgId: each.orgId, runId: each.runId, is: mission })
    asked.push(...models.map((model) => ({ ...model, orgId: each.orgId, runId: each.runId })))
    for (const { runId, n, what } of findings) say(`run ${runId}${n === null ? '' : ` entry ${n}`}: ${what}`)
    counts.runs += 1
    counts.entries += entries
    counts.erased += erased ? 1 : 0
    counts.findings += findings.length
  }
  const altered = [...(await checkMissions(db, started, orgKeys)), ...(await checkModels(db, asked))]
  for (const finding of altered) say(finding)
  const thrown = await checkSwitch(db)
  for (const finding of thrown) say(finding)
  const signed = checkpointKeys && (await checkCheckpoints(db, { publicKeys: checkpointKeys.keys, anchors }))
  for (const finding of signed?.findings ?? []) say(finding)
  counts.findings += altered.length + thrown.length + (signed?.findings.length ?? 0)
  const { runs, entries, erased, findings } = counts
  const gone = erased > 0 ? `, contents of ${counted(erased, 'run', 'runs')} erased` : ''
  const found = findings === 0 ? 'everything adds up' : counted(findings, 'finding', 'findings')
  say(`${counted(runs, 'run', 'runs')}, ${counted(entries, 'journal entry', 'journal entries')}${gone}: ${found}`)
  if (!bodyKey)
    say('Answers and change sets were not opened, only their chain was checked: name the key by --body-key-file')
  say(signed ? reachOf(signed, anchors.length) : NO_CHECKPOINT_KEY)
  if (signed && !checkpointKeys.areGiven) say(OWN_KEY)
  if (orgKeys.length === 0) say(NO_ORG_KEY)
  return findings === 0 ? 0 : 1
}

const NO_CHECKPOINT_KEY =
  'Checkpoints were not checked, so a lost run or the lost end of one would not show: name the public key by --checkpoint-key-file'
const NO_ORG_KEY =
  'Signatures of answers and activations were not checked: name the public key of the org by --org-key-file'
const OWN_KEY =
  'The checkpoint key lay beside the records: who could rewrite them could exchange it too. Name one kept elsewhere by --checkpoint-key-file'

/** Sentence on the time up to which a lost run, or a lost end of one, is detected. */
function reachOf({ count, until }: CheckedCheckpoints, anchors: number): string {
  if (count === 0) return 'No checkpoint was taken yet: a lost run or the lost end of one would not show'
  const anchored =
    anchors === 0
      ? 'without anchors of the org, the newest could be cut off'
      : `${counted(anchors, 'anchor', 'anchors')} of the org compared`
  return `${counted(count, 'checkpoint', 'checkpoints')} up to ${until}: what was lost since would not show; ${anchored}`
}

const counted = (count: number, one: string, more: string) => `${count} ${count === 1 ? one : more}`

/** Every run, including those of which only a journal or a ledger is left. */
async function runsIn(db: Db): Promise<RunToCheck[]> {
  const rows = await db.select({ orgId: run.orgId, runId: run.id, phase: run.phase }).from(run).orderBy(run.id)
  const known = new Set(rows.map(({ orgId, runId }) => `${orgId}/${runId}`))
  const traces = await union(
    db.select({ orgId: journalEntry.orgId, runId: journalEntry.runId }).from(journalEntry),
    db.select({ orgId: ledgerEntry.orgId, runId: ledgerEntry.runId }).from(ledgerEntry),
  )
  const lost = traces.filter(({ orgId, runId }) => !known.has(`${orgId}/${runId}`))
  return [...rows, ...lost.map((trace) => ({ ...trace, phase: null }))]
}

function cannot(error: unknown, say: Say): number {
  if (!(error instanceof Error)) throw error
  const isUsage = isUsageError(error)
  const isForPeople = error instanceof CannotAudit || error instanceof StartRefused
  if (error instanceof FolderInUse) {
    say(
      `${error.folder} is in use by process ${error.pid}, which is alive: stop it first, two on one folder would lose rows`,
    )
  } else if (isForPeople || isUsage) say(error.message)
  else say(`The database could not be read: ${reasonOf(error)}`)
  if (isUsage) say(USAGE)
  return 2
}

/** The driver's message, without the statement that drizzle puts in front. */
const reasonOf = (error: Error): string =>
  error.cause instanceof Error ? reasonOf(error.cause) : error.message || error.name
