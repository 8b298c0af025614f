import type { DecisionView, RunView } from '../../server/contract/http.ts'
import type { Person } from '../../test/support/person.ts'
import type { Stream } from '../../test/support/stream.ts'

/** Two accounts of one company; the lead that reveals it is created later. */
export interface Pair {
  company: string
  domain: string
}

const SYLLABLES = [
  'ba',
  'ko',
  'mi',
  'ru',
  'ne',
  'do',
  'sha',
  'ver',
  'tul',
  'gri',
  'pon',
  'zel',
  'qua',
  'fin',
  'hos',
  'lyn',
]

/** A pronounceable name that differs from every other number's in three syllables or more out of five. */
function nameOf(n: number): string {
  const digits = [
    n % 16,
    (n * 7 + 3) % 16,
    Math.floor(n / 16) % 16,
    (n * 11 + 5) % 16,
    (Math.floor(n / 16) * 5 + n * 3) % 16,
  ]
  const word = digits.map((digit) => SYLLABLES[digit]!).join('')
  return word[0]!.toUpperCase() + word.slice(1)
}

let created = 0

export async function createPairs(admin: Person, count: number, kind: string): Promise<Pair[]> {
  const pairs: Pair[] = []
  for (let i = 0; i < count; i += 1) {
    const n = (created += 1)
    const company = `${nameOf(n)} ${kind}`
    const domain = `${company.toLowerCase().replace(' ', '-')}.example`
    const shared = {
      Phone: `+1 206 555 ${String(2000 + n)}`,
      BillingStreet: `${n * 13} Pine Street`,
      BillingCity: 'Seattle',
      BillingState: 'WA',
      BillingCountry: 'United States',
      BillingPostalCode: '98101',
    }
    const first = await admin.create('Account', {
      Name: `${company} Inc`,
      Website: `https://www.${domain}`,
      Type: 'Customer - Direct',
      ...shared,
    })
    const second = await admin.create('Account', { Name: company, Website: domain, Fax: '206-555-0000', ...shared })
    await admin.create('Contact', { LastName: 'One', Email: `one@${domain}`, AccountId: first })
    await admin.create('Opportunity', {
      Name: 'Deal',
      StageName: 'Prospecting',
      CloseDate: '2027-03-01',
      Amount: 5000,
      AccountId: second,
    })
    pairs.push({ company, domain })
  }
  return pairs
}

const leadOf = ({ company, domain }: Pair) => ({
  Company: company,
  LastName: 'Bench',
  Email: `bench@${domain}`,
  Website: domain,
  State: 'WA',
  Country: 'United States',
  Status: 'Open - Not Contacted',
})

const leads = new Map<Pair, string>()

/** An administrator who follows the event stream as a page does. */
interface Bench {
  admin: Person
  stream: Stream
}

const runThatIs = (stream: Stream, leadId: string, statuses: RunView['status'][]) =>
  stream.first<RunView>('run', ({ subject, status }) => subject?.id === leadId && statuses.includes(status), 180_000)

export async function proposeOne(
  { admin, stream }: Bench,
  pair: Pair,
): Promise<{ decision: DecisionView; milliseconds: number }> {
  const start = performance.now()
  const leadId = await admin.create('Lead', leadOf(pair))
  leads.set(pair, leadId)
  const { decisionId } = await runThatIs(stream, leadId, ['waiting'])
  const milliseconds = performance.now() - start
  return { decision: await admin.decision(decisionId!), milliseconds }
}

export async function approveOne(
  { admin, stream }: Bench,
  pair: Pair,
  decision: DecisionView,
): Promise<{ milliseconds: number; apiCalls: number }> {
  const start = performance.now()
  const answer = await admin.approve(decision)
  if (!answer.ok) throw new Error(await answer.text())
  const run = await runThatIs(stream, leads.get(pair)!, ['done', 'failed'])
  if (run.verdict !== 'verified') throw new Error(`the run about ${pair.company} ended ${run.status} ${run.verdict}`)
  return { milliseconds: performance.now() - start, apiCalls: run.apiCalls }
}

/** Creates a lead per pair, at most `inFlight` unanswered at once; returns the milliseconds until the last decision is open. */
export async function proposeMany({ admin, stream }: Bench, pairs: Pair[], inFlight: number): Promise<number> {
  const start = performance.now()
  const waiting = [...pairs]
  const lane = async () => {
    for (let pair = waiting.shift(); pair; pair = waiting.shift()) {
      const leadId = await admin.create('Lead', leadOf(pair))
      await runThatIs(stream, leadId, ['waiting'])
    }
  }
  await Promise.all(Array.from({ length: inFlight }, lane))
  return performance.now() - start
}
