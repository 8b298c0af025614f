import type { Call } from './http-rate.ts'
import type { OrgClient, QueryAnswer } from './org-client.ts'
import { precise } from './summary.ts'

/** Result of a kind of query, and the time of its first page over HTTP in milliseconds. */
interface QueryTime {
  p50: number
  p95: number
  max: number
  n: number
  /** Rows of the last answer, on its page and in all. */
  rows: number
  totalSize: number
}

/** Sample accounts, spread over the org. */
export interface Sample {
  Id: string
  Name: string
  Website: string
  Phone: string
  OwnerId: string
}

const REPEATS = 20

const quoted = (text: string): string => text.replace(/\\/g, '\\\\').replace(/'/g, "\\'")
const isPlain = ({ Name, Website, Phone }: Partial<Sample>): boolean =>
  /^[ -~]+$/.test(Name ?? '') && !!Website && !!Phone

/** Accounts whose names lie far apart. */
export async function sampleAccounts(client: OrgClient): Promise<Sample[]> {
  const found: Sample[] = []
  for (const letter of 'ABCDEFGHIJKLMNOPQRSTUVWXYZ') {
    const soql = `SELECT Id, Name, Website, Phone, OwnerId FROM Account WHERE Name LIKE '${letter}%' LIMIT 40`
    const { records } = await client.ask<{ records: Partial<Sample>[] }>(client.query(soql))
    found.push(...(records.filter(isPlain) as Sample[]).slice(-1))
  }
  return found
}

const LETTERS = ['A', 'B', 'C', 'D', 'F', 'G', 'H', 'L', 'M', 'O', 'P', 'R', 'S', 'T', 'W']

/** SOQL of each kind; `sample` differs from call to call. */
function kinds(externalId: string): Record<string, (sample: Sample, n: number) => string> {
  const fields = 'SELECT Id, Name, Website, Phone, BillingCity FROM Account WHERE'
  const letter = (n: number) => LETTERS[n % LETTERS.length]!
  return {
    'Id =': ({ Id }) => `${fields} Id = '${Id}'`,
    'Name =': ({ Name }) => `${fields} Name = '${quoted(Name)}'`,
    'Name = in other case': ({ Name }) => `${fields} Name = '${quoted(Name.toUpperCase())}'`,
    'Website =': ({ Website }) => `${fields} Website = '${quoted(Website)}'`,
    'Phone =': ({ Phone }) => `${fields} Phone = '${quoted(Phone)}'`,
    'External_Id__c =': () => `${fields} External_Id__c = '${externalId}'`,
    'OwnerId =': ({ OwnerId }) => `${fields} OwnerId = '${OwnerId}'`,
    'Name LIKE eight letters%': ({ Name }) => `${fields} Name LIKE '${quoted(Name.slice(0, 8))}%'`,
    'Name LIKE three letters%': ({ Name }) => `${fields} Name LIKE '${quoted(Name.slice(0, 3))}%'`,
    'Name LIKE one letter%': (_, n) => `${fields} Name LIKE '${letter(n)}%'`,
    'Name LIKE one letter% LIMIT 50': (_, n) => `${fields} Name LIKE '${letter(n)}%' LIMIT 50`,
    'Name LIKE one letter% ORDER BY Name': (_, n) => `${fields} Name LIKE '${letter(n)}%' ORDER BY Name`,
    'Name LIKE three letters% ORDER BY CreatedDate DESC LIMIT 50': ({ Name }) =>
      `${fields} Name LIKE '${quoted(Name.slice(0, 3))}%' ORDER BY CreatedDate DESC LIMIT 50`,
    'Website LIKE site%': ({ Website }) => `${fields} Website LIKE '${quoted(Website.slice(0, 18))}%'`,
    'contacts of an account': ({ Id }) => `SELECT Id, Name, Email FROM Contact WHERE AccountId = '${Id}'`,
    'accounts with their contacts': ({ Name }) =>
      `SELECT Id, Name, (SELECT Id, Name FROM Contacts) FROM Account WHERE Name LIKE '${quoted(Name.slice(0, 4))}%' LIMIT 50`,
    'newest 50': () => 'SELECT Id, Name FROM Account ORDER BY CreatedDate DESC LIMIT 50',
    'count() of a prefix': (_, n) => `SELECT count() FROM Account WHERE Name LIKE '${letter(n)}%'`,
    'count()': () => 'SELECT count() FROM Account',
  }
}

/** Times of each kind of query for one person, in sequence. */
export async function queryTimes(client: OrgClient, samples: Sample[], externalId: string) {
  const times: Record<string, QueryTime> = {}
  for (const [kind, soql] of Object.entries(kinds(externalId))) {
    times[kind] = await timed(client, samples, (sample, n) => client.query(soql(sample, n)))
  }
  const sosl = ({ Name }: Sample) =>
    `FIND {${Name.replace(/[^A-Za-z ]/g, ' ')}} IN NAME FIELDS RETURNING Account(Id, Name LIMIT 20)`
  times['search for a name'] = await timed(client, samples, (sample) => client.search(sosl(sample)))
  const wide = await client.ask(client.query(`SELECT Id, Name FROM Account WHERE Name LIKE 'S%'`))
  if (wide.nextRecordsUrl) {
    const next = wide.nextRecordsUrl
    times['next page by locator'] = await timed(client, samples, () => client.page(next))
  }
  return times
}

async function timed(
  client: OrgClient,
  samples: Sample[],
  callAt: (sample: Sample, n: number) => Call,
): Promise<QueryTime> {
  const milliseconds: number[] = []
  let last: Partial<QueryAnswer> & { searchRecords?: unknown[] } = {}
  for (let n = 0; n < REPEATS; n += 1) {
    const call = callAt(samples[n % samples.length]!, n)
    const start = performance.now()
    last = await client.ask(call)
    milliseconds.push(performance.now() - start)
  }
  const rows = (last.records ?? last.searchRecords ?? []).length
  return { ...precise(milliseconds), rows, totalSize: last.totalSize ?? rows }
}
