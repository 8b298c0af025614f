import { STORIES } from '../../server/practice/content/stories.ts'
import type { DecisionView, RunView } from '../../server/contract/http.ts'
import type { Person } from './person.ts'
import type { Stack } from './stack.ts'
import { until } from './until.ts'

/** The planted case of that name; see `server/practice/content/stories.json`. */
export function story(name: string) {
  const found = STORIES.find((candidate) => candidate.name === name)
  if (!found) throw new Error(`no story ${name}`)
  return found
}

/** Creates the story's lead as the administrator would, over REST. */
export async function tellStory(
  stack: Pick<Stack, 'as'>,
  name: string,
  change: Record<string, unknown> = {},
): Promise<string> {
  return (await stack.as('admin')).create('Lead', { ...story(name).lead, ...change })
}

/** The run about a lead once it is in one of these states. */
export async function runThatIs(
  person: Person,
  leadId: string,
  states: RunView['status'][],
  withinMs = 20_000,
): Promise<RunView> {
  let last: RunView | undefined
  return until(
    `a run about ${leadId} that is ${states.join(' or ')}`,
    async () => {
      last = (await person.runsAbout(leadId))[0]
      return last && states.includes(last.status) && last
    },
    withinMs,
  ).catch((error: Error) => {
    throw new Error(`${error.message}; last seen: ${JSON.stringify(last)}`)
  })
}

export async function openDecision(person: Person, leadId: string): Promise<DecisionView> {
  const run = await runThatIs(person, leadId, ['waiting', 'done', 'failed'])
  if (run.status !== 'waiting' || !run.decisionId) {
    const said = (await person.observations(run.id)).map(({ kind, text }) => `${kind}: ${text}`)
    throw new Error(`the run did not propose: ${run.status} ${run.verdict}\n${said.join('\n')}`)
  }
  return person.decision(run.decisionId)
}

/** Runs that come out otherwise when they are computed again from their records; guarantee 8 says that there are none. */
export async function cameOutOtherwise(person: Person): Promise<unknown[]> {
  const { items } = await person.get<{ items: RunView[] }>('/runs?limit=100')
  const replays = []
  for (const { id } of items) {
    replays.push(await person.get<{ recomputed: { isSame: boolean } | null }>(`/runs/${id}/replay`))
  }
  return replays.flatMap(({ recomputed }) => (recomputed && !recomputed.isSame ? [recomputed] : []))
}

/** Everything of the org a run may touch, as an administrator reads it, without ids and times that differ per run. */
export async function orgState(admin: Person): Promise<unknown> {
  const rows = async (soql: string) => (await admin.query(soql, true)).map(({ attributes: _, ...row }) => row)
  return {
    accounts: await rows(
      'SELECT Id, Name, Website, Phone, Fax, Description, OwnerId, ParentId, IsDeleted, MasterRecordId FROM Account ORDER BY Id',
    ),
    contacts: await rows('SELECT Id, Email, AccountId, IsDeleted FROM Contact ORDER BY Id'),
    opportunities: await rows('SELECT Id, Name, AccountId, OwnerId, StageName, IsDeleted FROM Opportunity ORDER BY Id'),
    cases: await rows('SELECT Id, Subject, AccountId, IsDeleted FROM Case ORDER BY Id'),
    tasks: await rows('SELECT Subject, WhatId, OwnerId, IsDeleted FROM Task ORDER BY Subject, WhatId'),
    leads: await rows('SELECT Company, Matched_Account__c, OwnerId, IsConverted FROM Lead ORDER BY Company'),
    receipts: (await rows('SELECT Key__c FROM Mission_Receipt__c')).length,
  }
}
