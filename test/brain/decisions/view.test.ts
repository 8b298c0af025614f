import { describe, expect, it } from 'vitest'
import { leafPaths, sealDocument } from '../../../server/brain/decisions/leaves.ts'
import {
  decisionSummary,
  decisionView,
  type LoadedDecision,
} from '../../../server/brain/decisions/view/decision-view.ts'
import { groupDigits } from '../../../server/brain/domain/digits.ts'
import type { ReadAccess } from '../../../server/brain/domain/phrase.ts'
import type { Proposal } from '../../../server/brain/domain/proposal.ts'
import type { Run } from '../../../server/brain/domain/run.ts'
import { DecisionView } from '../../../server/contract/http.ts'
import { rightsFor } from '../../../server/contract/rights.ts'
import { commitment, digestOf, documentOf, type OpenLeaf } from '../../../server/contract/seal.ts'
import { acmeMission, acmeProposal, CORP, INC, LEAD, ORG_ID, USERS } from './acme.ts'

const NOW = '2026-11-22T14:00:00.000Z'
const admin = { userId: USERS.admin, permissions: ['View_Missions', 'Decide_Missions'] }
const rep = { userId: USERS.rep, permissions: ['View_Missions'] }
const everything: ReadAccess = { record: () => true, field: () => true }

const without = (...hidden: string[]): ReadAccess => ({
  record: (id) => !hidden.includes(id),
  field: (name) => !hidden.includes(name),
})

function factsOf(proposal: Proposal = acmeProposal()): LoadedDecision {
  const mission = acmeMission()
  const document = {
    org: ORG_ID,
    decision: 'd-1',
    run: 'r-1',
    mission: mission.name,
    missionVersion: 1,
    grant: mission.grantHash,
    version: 1,
    gate: proposal.gate,
    launcher: null,
    editors: [],
    expiresAt: '2026-11-27T14:00:00.000Z',
    operations: proposal.operations,
    base: proposal.base,
    ...(proposal.evidence && { evidence: proposal.evidence }),
  }
  const salts = Object.fromEntries(leafPaths(document).map((path, n) => [path, `salt-${n}`.padEnd(22, 'x')]))
  const sealed = sealDocument(document, salts)
  return {
    decision: {
      id: 'd-1',
      runId: 'r-1',
      mission: mission.name,
      status: 'open',
      version: 1,
      risk: proposal.risk,
      subject: proposal.subject,
      createdAt: NOW,
      expiresAt: document.expiresAt,
      commitsAt: null,
      isErased: false,
      rosters: [{ from: 'group:RevOps', needs: 1, users: [{ id: USERS.admin, name: 'Ada Admin' }] }],
    },
    changeSet: {
      decisionId: 'd-1',
      version: 1,
      ...sealed,
      proposal,
      gate: proposal.gate,
      notice: null,
      createdAt: NOW,
      rights: rightsFor(proposal.operations),
    },
    approvals: [],
    lastUndo: null,
    wayBack: null,
    ended: null,
    others: [],
    launcher: null,
    now: NOW,
    run: { id: 'r-1', status: 'waiting', verdict: null } as Run,
  }
}

describe('a decision seen by somebody who may see everything', () => {
  const view = decisionView(factsOf(), admin, everything)

  it('is what the contract says', () => {
    expect(DecisionView.parse(view)).toEqual(view)
  })

  it('has every leaf open, and the leaves rebuild the sealed operations', () => {
    expect(digestOf(view.leaves)).toBe(view.digest)
    expect(documentOf(view.leaves as OpenLeaf[]).operations).toEqual(acmeProposal().operations)
    expect(view.hidden).toBe(0)
    expect(view.changeSet.operations).toEqual(acmeProposal().operations)
  })

  it('has every leaf open of a merge that sets no value', () => {
    const proposal = acmeProposal()
    const operations = proposal.operations.map((operation) =>
      operation.kind === 'merge' ? { ...operation, fields: {} } : operation,
    )
    expect(decisionView(factsOf({ ...proposal, operations }), admin, everything).hidden).toBe(0)
  })

  it('orders its rows: gated, conflicts, fills', () => {
    expect(
      view.rows.map(({ group, label, fromText, toText, sourceText }) => [group, label, fromText, toText, sourceText]),
    ).toEqual([
      ['gated', 'Lead Owner', 'Dana Whit', 'Priya Rao', 'Knowledge: territory-rules v1 §West'],
      ['gated', 'Annual Revenue', '1,000,000', '2,500,000', 'From Acme Inc'],
      ['conflict', 'BillingCity', 'Boston', 'Cambridge', 'Rule: newest'],
      ['fill', 'Matched_Account__c', '(blank)', 'Acme Corp', 'Rule: same company'],
      ['fill', 'Subject', '(blank)', 'Call Jane Doe: Acme Inc is Acme Corp', 'Rule: follow up'],
      ['fill', 'WhoId', '(blank)', 'Jane Doe', 'Rule: follow up'],
      ['fill', 'Phone', '(blank)', '+1 617 555 0100', 'From Acme Inc'],
    ])
  })

  it('shows in each row exactly the leaves the row points at', () => {
    const known = new Set(view.leaves.map(({ path }) => path))
    const pointedAt = view.rows.flatMap(({ fromPath, toPath }) => (fromPath === null ? [toPath] : [fromPath, toPath]))
    expect(pointedAt).toHaveLength(12)
    expect(pointedAt.filter((path) => !known.has(path))).toEqual([])
  })

  it('says how many transactions there are and what stands if one fails', () => {
    expect(view.plan.map(({ sentence }) => sentence)).toEqual([
      'Update 1 field of Jane Doe, create a Task and write the receipt.',
      'Make Priya Rao the owner of Jane Doe.',
      'Merge Acme Inc into Acme Corp.',
    ])
    expect(view.plan[0]?.ifItFails).toBe('Nothing is changed.')
    expect(view.plan[2]?.ifItFails).toMatch(/^Steps 1 to 2 stand/)
    expect(view.goesAway.map(({ record }) => record.name)).toEqual(['Acme Inc'])
  })

  it('offers both answers, with no reason against them', () => {
    expect(view.you).toEqual({ canApprove: true, canReject: true, why: null })
  })
})

it('withholds a value that it was concluded from where the reader may not see it, and counts it all the same', () => {
  const value = { object: 'Account', id: CORP, field: 'Industry', value: 'Energy-Secret' }
  const facts = factsOf(acmeProposal({ evidence: [value] }))
  const view = decisionView(facts, rep, without('Account.Industry'))
  expect(JSON.stringify(view.leaves)).not.toContain('Energy-Secret')
  expect(digestOf(view.leaves)).toBe(view.digest)
  expect(JSON.stringify(decisionView(facts, admin, everything).leaves)).toContain('Energy-Secret')
})

describe('a decision seen by a rep who may read neither the loser nor amounts', () => {
  const facts = factsOf()
  const access = without(INC, 'Opportunity.Amount', 'Account.AnnualRevenue')
  const view = decisionView(facts, rep, access)
  const text = JSON.stringify([view, decisionSummary(facts, access)])

  it.each(['Acme Inc', '+1 617 555 0100', '617 555 0199', '240,000', '240000', '2500000', '2,500,000', 'Cambridge'])(
    'nowhere says %s',
    (secret) => {
      expect(text).not.toContain(secret)
    },
  )

  it('still has the digest of everything', () => {
    expect(digestOf(view.leaves)).toBe(facts.changeSet.digest)
  })

  it('counts what it withholds, and withholds commitments of the real values', () => {
    expect(view.hidden).toBeGreaterThan(3)
    const open = new Map(facts.changeSet.leaves.map((leaf) => [leaf.path, leaf]))
    const closed = view.leaves.flatMap((leaf) => ('commitment' in leaf ? [leaf] : []))
    expect(closed.every(({ path, commitment: hash }) => commitment(open.get(path)!) === hash)).toBe(true)
  })

  it('still shows what the rep may read', () => {
    expect(view.rows.map(({ label }) => label)).toEqual(['Lead Owner', 'Matched_Account__c', 'WhoId'])
    expect(view.sentence).toBe('Fold (a record you cannot see) into Acme Corp and give the lead to Priya.')
    expect(view.moves).toMatchObject([{ count: 1, amount: null }, { count: 1 }])
  })

  it('may not be approved, and says why', () => {
    expect(view.you.canApprove).toBe(false)
    expect(view.you.why).toBe('You can see this proposal but not answer it.')
    expect(decisionView(facts, admin, access).you.why).toBe(
      'A field that would change is hidden from you, so you cannot approve it.',
    )
  })
})

it.each([
  ['the survivor', CORP, ['AnnualRevenue', 'BillingCity']],
  ['the lead’s owner field', 'Lead.OwnerId', ['OwnerId']],
])('hiding %s takes its rows away', (_what, hidden, fields) => {
  const shown = decisionView(factsOf(), admin, without(hidden)).rows.map(({ field }) => field)
  for (const field of fields) expect(shown).not.toContain(field)
})

it('an operation whose own record is hidden is only counted', () => {
  const { changeSet } = decisionView(factsOf(), admin, without(LEAD))
  expect(changeSet.operations[0]).toEqual({ kind: 'update', hidden: 4 })
})

describe('digits in groups', () => {
  it.each([
    ['0', '0'],
    ['999', '999'],
    ['1000', '1,000'],
    ['-1234567.50', '-1,234,567.50'],
    ['12345678901234567.89', '12,345,678,901,234,567.89'],
  ])('%s reads %s', (stored, shown) => {
    expect(groupDigits(stored)).toBe(shown)
  })

  it('take no time to speak of where a text field holds 100,000 of them', () => {
    const began = performance.now()
    expect(groupDigits('1'.repeat(100_000)).replaceAll(',', '')).toHaveLength(100_000)
    expect(performance.now() - began).toBeLessThan(1_000)
  })
})
