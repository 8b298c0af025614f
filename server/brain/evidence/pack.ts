// The evidence pack of one run: files that prove what was signed about it, and the verifier that needs nothing but node.
import { readFile } from 'node:fs/promises'
import { canonical, sha256 } from '../../contract/values/canonical.ts'
import { decimalOf } from '../../contract/values/money.ts'
import type { Leaf } from '../../contract/seal.ts'
import type { ChangeSetVersion } from '../domain/decision.ts'
import { Conflict } from '../domain/errors.ts'
import type { Run } from '../domain/run.ts'
import type { LedgerState } from '../ports/evidence.ts'
import type { Reads } from '../ports/store.ts'

const FORMAT = 'missions-evidence-1'

/** What one reader may have of a run. */
interface Disclosure {
  record(id: string): boolean
  leaves(version: ChangeSetVersion): Leaf[]
}

/** Decides what a reader may have of these records and change sets. */
type Disclose = (about: { records: string[]; versions: ChangeSetVersion[] }) => Promise<Disclosure>

/** For an operator who holds the keys. */
export const discloseAll: Disclose = () => Promise.resolve({ record: () => true, leaves: ({ leaves }) => leaves })

type PackReads = Pick<Reads, 'evidence' | 'decision' | 'changeSet' | 'approvals' | 'mission' | 'documentOrigins'>

/** The files of the pack by name. Throws Conflict while no checkpoint signs the run. */
export async function evidencePack(reads: PackReads, run: Run, disclose: Disclose): Promise<Map<string, string>> {
  const evidence = await reads.evidence(run.id)
  if (!evidence) throw new Conflict('not-signed', 'No checkpoint signs this run yet. Try again in a minute.')
  const { orgId, journal, ledger, signed } = evidence
  const covered = new Map(ledger.flatMap(({ states }) => states.map(([row, is]) => [row, is])))
  const versions = run.decisionId ? await versionsOf(reads, run.decisionId, covered) : []
  const records = [...covered.keys()].flatMap((row) => recordIn(row) ?? [])
  const { record, leaves } = await disclose({ records, versions })
  const shown = (state: LedgerState) => withheldUnless(record, state)
  const files = new Map([
    ['run.json', json({ format: FORMAT, org: orgId, run: run.id, models: modelsIn(covered) })],
    ['ledger.json', json(ledger.map((entry) => ({ ...entry, states: entry.states.map(shown) })))],
    ['journal.json', json(journal)],
    ['checkpoints.json', json(signed)],
    [
      'change-sets.json',
      json(versions.map((each) => ({ decision: each.decisionId, version: each.version, leaves: leaves(each) }))),
    ],
    ['documents.json', json(await documentsOf(reads, run))],
    ['tokens.json', json(run.decisionId ? await tokensOf(reads, run.decisionId, covered) : [])],
    ['verify.mjs', await textOf('verify.mjs')],
    ['README.md', await textOf('pack-readme.md')],
  ])
  const sums = [...files].map(([name, text]) => [name, sha256(text)])
  return files.set('manifest.json', json(Object.fromEntries(sums)))
}

/** The documents that the run's mission pins, with who activated them. */
async function documentsOf(reads: PackReads, { mission: name, missionVersion }: Run): Promise<object[]> {
  const mission = await reads.mission(name, missionVersion)
  if (!mission) return []
  const { knowledge, activatedBy, activatedAt } = mission
  return (await reads.documentOrigins(knowledge)).map((document) => ({ ...document, activatedBy, activatedAt }))
}

const json = (value: unknown) => `${JSON.stringify(value, null, 1)}\n`
const textOf = (name: string) => readFile(new URL(name, import.meta.url), 'utf8')

/** Tokens and cost of language models, as far as a checkpoint signs them: the run's last state in its ledger has the same. */
function modelsIn(covered: Covered): { tokens: unknown; cost: string | null; currency: unknown } {
  const { tokens = 0, costMicros, currency = null } = covered.get('run') ?? {}
  return { tokens, cost: typeof costMicros === 'number' ? decimalOf(costMicros) : null, currency }
}

const recordIn = (row: string): string | null => (row.startsWith('record ') ? row.slice('record '.length) : null)

/** The link to a record the reader may not see is withheld: its commitment still counts in the chain. */
function withheldUnless(isSeen: (record: string) => boolean, state: LedgerState): LedgerState | string {
  const record = recordIn(state[0])
  return record !== null && !isSeen(record) ? sha256(canonical(state)) : state
}

/** Last states by row, as far as a checkpoint signs them: what came later is left out of the pack. */
type Covered = ReadonlyMap<string, LedgerState[1]>

async function versionsOf(reads: PackReads, id: string, covered: Covered): Promise<ChangeSetVersion[]> {
  const versions: ChangeSetVersion[] = []
  for (let version = 1; covered.has(`change set of decision ${id} v${version}`); version += 1) {
    const changeSet = await reads.changeSet(id, version)
    if (changeSet) versions.push(changeSet)
  }
  return versions
}

async function tokensOf(reads: PackReads, id: string, covered: Covered): Promise<string[]> {
  const answers = [...covered].flatMap(([row, is]) => (row.startsWith('answer ') ? [is] : []))
  const given = (await reads.approvals(id)).filter(({ version, userId, verb }) =>
    answers.some((is) => is.version === version && is.userId === userId && is.verb === verb),
  )
  return given.map(({ accepted }) => accepted.token)
}
