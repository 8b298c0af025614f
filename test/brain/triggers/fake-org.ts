import type { ToolInput, ToolName, ToolOutput } from '../../../server/contract/tools.ts'
import { SalesforceError } from '../../../server/brain/domain/errors.ts'
import type { Salesforce } from '../../../server/brain/ports/salesforce.ts'
import { freshLead } from '../store/fixtures.ts'

/** Records per page of a list of changes; a schedule says itself how many it wants. */
const PAGE = 3

interface FakeOrg {
  salesforce: Salesforce
  /** Ids that every query finds. */
  there: string[]
  changed: ToolOutput<'listChanges'>['changes']
  /** Each query, and each position that a list of changes was asked from. */
  asked: string[]
  /** What every call fails with. */
  refusal: SalesforceError | null
  /** Awaited before an answer is given. */
  answered: () => Promise<unknown>
}

export function fakeOrg(): FakeOrg {
  const listed = ({ since, after }: ToolInput<'listChanges'>) => {
    org.asked.push(`${since} ${after ?? ''}`)
    const later = org.changed
      .filter(({ at, id }) => at > since || (at === since && (after === null || id > after)))
      .sort((a, b) => (a.at + a.id < b.at + b.id ? -1 : 1))
    return { changes: later.slice(0, PAGE), more: later.length >= PAGE, calls: 1 }
  }
  const queried = ({ queries: [soql = ''] }: ToolInput<'soqlQuery'>) => {
    org.asked.push(soql)
    const after = /Id > '(\w+)'/.exec(soql)?.[1] ?? ''
    const records = org.there.filter((id) => id > after).map((id) => ({ object: 'Lead', id, values: {} }))
    return { results: [{ totalSize: records.length, records: records.slice(0, 200) }], calls: 1 }
  }
  const salesforce = {
    async call(tool: ToolName, input: unknown) {
      if (tool === 'openGrant') return { grant: 'a'.repeat(64) }
      if (org.refusal) throw org.refusal
      const answer =
        tool === 'listChanges' ? listed(input as ToolInput<'listChanges'>) : queried(input as ToolInput<'soqlQuery'>)
      await org.answered()
      return answer
    },
  } as unknown as Salesforce
  const org: FakeOrg = {
    salesforce,
    there: [],
    changed: [],
    asked: [],
    refusal: null,
    answered: () => Promise.resolve(),
  }
  return org
}

/** A record that was changed at a time, and made before. */
export const changedAt = (at: string, more: Partial<FakeOrg['changed'][number]> = {}): FakeOrg['changed'][number] => ({
  id: freshLead(),
  createdAt: '2026-01-01T00:00:00.000Z',
  modifiedAt: at,
  at,
  byWriter: false,
  isDeleted: false,
  mergedInto: null,
  ...more,
})

/** Salesforce cannot be reached. */
export const away = (): SalesforceError =>
  new SalesforceError('soqlQuery', { code: 'unavailable', message: 'gone', orgCode: null, retryable: true })

/** Salesforce refuses, now and later. */
export const refused = (message: string): SalesforceError =>
  new SalesforceError('soqlQuery', { code: 'bad-request', message, orgCode: null, retryable: false })
