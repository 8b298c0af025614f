// What a run came to, in words that do not depend on which company it was about, so that two runs compare.
import type { Transaction } from '../../../server/practice-org/src/org/org.ts'
import type { Person } from '../../../test/support/person.ts'
import { readOrg } from '../judge/org-facts.ts'
import type { Layout } from '../layout/layout.ts'
import type { Subject } from '../people/companies.ts'
import { patiently } from '../people/patience.ts'

export interface Outcome {
  runs: number
  status: string
  verdict: string | null
  /** Of the change set that was decided on. */
  version: number
  /** The receipts of the run's decision have its digest, each key once. */
  receipts: string[]
  transactions: string[]
  tasks: number
  observations: string[]
}

/** Reads how the run about the subject ended. */
export function outcomeOf(layout: Layout, admin: Person, subject: Subject): Promise<Outcome> {
  return patiently(async () => {
    const runs = await admin.runsAbout(subject.lead)
    const run = runs[0]!
    const decision = await admin.decision(run.decisionId!)
    const { written, tasks } = await readOrg(layout.orgUrl, admin, [subject])
    const own = written.filter((each) => isAbout(each, subject))
    const keys = await admin.query(`SELECT Key__c FROM Mission_Receipt__c WHERE Decision__c = '${decision.id}'`)
    const said = await admin.observations(run.id)
    return {
      runs: runs.length,
      status: run.status,
      verdict: run.verdict,
      version: decision.version,
      receipts: keys.map(({ Key__c }) => String(Key__c).replace(decision.digest, 'DIGEST')),
      transactions: own.map(({ operations }) => operations.map(({ verb, object }) => `${verb} ${object}`).join(', ')),
      tasks: (tasks.get(subject.lead) ?? []).length,
      observations: said.flatMap(({ kind, text }) =>
        OF_THE_WORLD.has(kind) ? [] : [`${kind}: ${plain(kind === 'wrote' ? stepOf(text) : text, subject)}`],
      ),
    }
  })
}

/** Holds and failures describe how the world was meanwhile, not what the run concluded. */
const OF_THE_WORLD = new Set(['waited', 'failed'])

function isAbout({ operations }: Transaction, { lead, survivor, loser }: Subject): boolean {
  const ids = new Set([lead, survivor, loser])
  return operations.some(({ id, fields }) => ids.has(id) || fields?.WhoId === lead)
}

/** Its number and its verb: the end says whether it stood already, and a long line is cut. */
const stepOf = (text: string): string => /^Step \d+ of \d+: \w+/.exec(text)?.[0] ?? text

/** The text without the company's name, whole or cut, and without numbers. */
export const plain = (text: string, { name }: Pick<Subject, 'name'>): string =>
  text
    .replaceAll(name, 'NAME')
    .replaceAll(name.toLowerCase(), 'NAME')
    // A sentence with many values cuts each of them.
    .replace(/\p{L}{3,}…/gu, (cut) => (name.startsWith(cut.slice(0, -1)) ? 'NAME…' : cut))
    .replace(/\d+/g, '#')

/** Names what differs; empty when nothing does. */
export function differences(found: Outcome, undisturbed: Outcome): string[] {
  return (Object.keys(undisturbed) as (keyof Outcome)[]).flatMap((part) => {
    const [is, was] = [found[part], undisturbed[part]].map((value) => JSON.stringify(value))
    return is === was ? [] : [`${part}: ${is}, undisturbed ${was}`]
  })
}
