import { describe, expect, it } from 'vitest'
import { compare, verdictOf, type Found } from '../../../server/brain/decisions/commit/verdict.ts'
import { onlyFormattingDiffers } from '../../../server/contract/values/field-value.ts'
import type { FieldValue } from '../../../server/contract/values/field-value.ts'
import type { RecordValues } from '../../../server/contract/values/record-values.ts'
import { receiptKey } from '../../../server/contract/operations/operation.ts'
import { acmeProposal, CONTACT, CORP, DEAL, INC, LEAD, TASK, USERS } from './acme.ts'

const DIGEST = 'a'.repeat(64)

type Change = { id: string; values: Record<string, FieldValue> | null }

function found(...changes: Change[]): Found {
  const values: Record<string, [string, Record<string, FieldValue>]> = {
    [LEAD]: ['Lead', { Matched_Account__c: CORP, OwnerId: USERS.priya, Company: 'Acme', SystemModstamp: 'later' }],
    [CORP]: [
      'Account',
      {
        Name: 'Acme Corp',
        Phone: '+1 617 555 0100',
        BillingCity: 'Cambridge',
        AnnualRevenue: '2500000.00',
        Industry: 'Energy',
      },
    ],
    [INC]: ['Account', { IsDeleted: true, MasterRecordId: CORP }],
    [TASK]: ['Task', { Subject: 'Call Jane Doe: Acme Inc is Acme Corp', WhoId: LEAD }],
    [DEAL]: ['Opportunity', { AccountId: CORP }],
    [CONTACT]: ['Contact', { AccountId: CORP }],
  }
  for (const { id, values: more } of changes) {
    if (more === null) delete values[id]
    else values[id] = [values[id]?.[0] ?? 'Account', { ...values[id]?.[1], ...more }]
  }
  const records: RecordValues[] = Object.entries(values).map(([id, [object, all]]) => ({ object, id, values: all }))
  const receipts = [{ id: TASK, key: receiptKey(DIGEST, 1), createdDate: '' }]
  return {
    digest: DIGEST,
    proposal: acmeProposal(),
    created: { followUp: TASK },
    moved: [],
    preimage: {},
    read: { records, receipts, calls: 1 },
  }
}

const stampOf = { id: CORP, values: { CreatedDate: '2020-01-01T00:00:00.000+0000' } }

describe('the verdict', () => {
  const cases: [string, Change[], string, [string, boolean][]][] = [
    ['is verified when every field, move and end is as proposed', [], 'verified', []],
    ['is verified when only an expected field differs, and names it', [stampOf], 'verified', [['CreatedDate', true]]],
    [
      'is verified when the org formats a value',
      [{ id: CORP, values: { Phone: '(1) 617-555-0100' } }],
      'verified',
      [['Phone', true]],
    ],
    [
      'differs when a flow changed a proposed field back',
      [{ id: LEAD, values: { OwnerId: USERS.dana } }],
      'differs',
      [['OwnerId', false]],
    ],
    [
      'differs when another field of a touched record changed',
      [{ id: CORP, values: { Industry: 'Retail' } }],
      'differs',
      [['Industry', false]],
    ],
    [
      'differs when the loser was not merged',
      [{ id: INC, values: { IsDeleted: false, MasterRecordId: null } }],
      'differs',
      [['MasterRecordId', false]],
    ],
    [
      'differs when a related record did not move',
      [{ id: DEAL, values: { AccountId: INC } }],
      'differs',
      [['AccountId', false]],
    ],
    ['differs when a moved record is gone', [{ id: CONTACT, values: null }], 'differs', [['AccountId', false]]],
    [
      'differs when the created record is gone',
      [{ id: TASK, values: null }],
      'differs',
      [
        ['Subject', false],
        ['WhoId', false],
      ],
    ],
  ]
  it.each(cases)('%s', (_title, changes, verdict, differences) => {
    const compared = compare(found(...changes))
    expect(compared.differences.map(({ field, expected }) => [field, expected])).toEqual(differences)
    expect(verdictOf(compared.differences)).toBe(verdict)
    expect(compared.differences.every(({ reason }) => reason.length > 0)).toBe(true)
  })

  it('names a value of a merged-away record that was changed after the approval', () => {
    const values = { Phone: '+1 617 555 0100', Fax: 'DO NOT MERGE', Name: 'Acme Inc' }
    const all = found({ id: INC, values })
    expect(compare(all).differences).toMatchObject([
      { record: { id: INC }, field: 'Fax', proposed: '617 555 0199', found: 'DO NOT MERGE', expected: false },
    ])
    expect(verdictOf(compare(all).differences)).toBe('differs')
    const read = { ...all.read, computed: { Account: ['Fax'] } }
    expect(compare({ ...all, read }).differences).toEqual([])
  })

  it('differs without the receipt', () => {
    const all = found()
    const compared = compare({ ...all, read: { ...all.read, receipts: [] } })
    expect(compared.differences.map(({ field }) => field)).toEqual(['Mission_Receipt__c'])
    expect(verdictOf(compared.differences)).toBe('differs')
  })

  it('does not blame the write for what somebody changed before it', () => {
    const all = found({ id: CORP, values: { Industry: 'Retail' } })
    const preimage = { [CORP]: { ...all.proposal.before[CORP], Industry: 'Retail' } }
    expect(compare({ ...all, preimage }).differences).toEqual([])
  })

  it('counts a record the merge reported as moved when it cannot be read', () => {
    expect(compare({ ...found({ id: CONTACT, values: null }), moved: [CONTACT] }).differences).toEqual([])
  })
})

describe('a value read back', () => {
  it.each([
    ['text', 'Account', 'Industry', '1.10', '1.1', ['Industry']],
    ['a number', 'Account', 'AnnualRevenue', '2500000.0', '2500000.00', []],
    ['text without a type', 'Account', 'Industry', '1.10', '1.1', []],
  ] as const)('is compared as %s', (name, object, field, was, now, differ) => {
    const all = found({ id: CORP, values: { [field]: now } })
    const as = name === 'text' ? 'text' : 'number'
    const types = name.endsWith('without a type') ? undefined : { [object]: { [field]: as } as const }
    const preimage = { [CORP]: { ...all.proposal.before[CORP], [field]: was } }
    const compared = compare({ ...all, preimage, read: { ...all.read, types } })
    expect(compared.differences.map((difference) => difference.field)).toEqual(differ)
  })
})

it('capitals and punctuation are formatting, letters are not', () => {
  expect(onlyFormattingDiffers('+1 617 555 0100', '(1) 617-555-0100')).toBe(true)
  expect(onlyFormattingDiffers('Boston', 'Bostom')).toBe(false)
  expect(onlyFormattingDiffers('Boston', null)).toBe(false)
})
