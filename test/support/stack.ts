import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPractice, type Practice } from '../../server/practice/supervisor.ts'
import type { Options } from '../../server/practice/options.ts'
import type { Transaction } from '../../server/practice-org/src/org/org.ts'
import { freePort } from './free-port.ts'
import { signIn, type Person } from './person.ts'

const WRITER = 'writer@practice.example'

/** Everything `npm start` starts, on free ports and a data folder of its own. */
export interface Stack extends AsyncDisposable {
  practice: Practice
  options: Options
  orgUrl: string
  brainUrl: string
  as(username: string): Promise<Person>
  /** The org's log, without what activated missions: entries of the register. */
  transactions(): Promise<Transaction[]>
  /** Those in which the missions' writer touched records, and not only marked a change set as voided. */
  writes(): Promise<Transaction[]>
  /** Salesforce data calls the org has answered so far, by client string. */
  calls(): Promise<Record<string, number>>
  /** Milliseconds the practice org has spent on answering so far. */
  busy(): Promise<number>
  faults(body: unknown): Promise<void>
}

interface Call {
  client: string
  count: number
}

function callsByClient({ calls }: { calls: Call[] }): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const { client, count } of calls) sums[client] = (sums[client] ?? 0) + count
  return sums
}

/** Options of a stack on free ports; the data folder is the caller's to delete. */
export async function freeOptions(overrides: Partial<Options> = {}): Promise<Options> {
  return {
    fresh: false,
    size: 60,
    dataDir: mkdtempSync(join(tmpdir(), 'missions-')),
    brainPort: await freePort(),
    orgPort: await freePort(),
    eventsPort: await freePort(),
    settleSeconds: 1,
    holdSeconds: 0,
    ...overrides,
  }
}

export async function startStack(overrides: Partial<Options> = {}): Promise<Stack> {
  const options = await freeOptions(overrides)
  const practice = await startPractice(options)
  const { url: orgUrl, brainUrl } = practice
  const people = new Map<string, Promise<Person>>()
  const transactions = async () => {
    const { items } = (await (await fetch(`${orgUrl}/practice/transactions`)).json()) as { items: Transaction[] }
    return items.filter(({ operations }) => operations[0]?.object !== 'Mission_Activation__c')
  }
  return {
    practice,
    options,
    orgUrl,
    brainUrl,
    as(username) {
      if (!people.has(username)) people.set(username, signIn(orgUrl, brainUrl, username))
      return people.get(username)!
    },
    transactions,
    writes: async () =>
      (await transactions()).filter(
        ({ username, operations }) =>
          username === WRITER && operations.some(({ object }) => object !== 'Mission_Receipt__c'),
      ),
    calls: async () => callsByClient((await (await fetch(`${orgUrl}/practice/calls`)).json()) as { calls: Call[] }),
    busy: async () => ((await (await fetch(`${orgUrl}/practice/calls`)).json()) as { busyMs: number }).busyMs,
    async faults(body) {
      const response = await fetch(`${orgUrl}/practice/faults`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      if (!response.ok) throw new Error(await response.text())
    },
    async [Symbol.asyncDispose]() {
      await practice.stop()
      if (!overrides.dataDir) rmSync(options.dataDir, { recursive: true, force: true })
    },
  }
}
