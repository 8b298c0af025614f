// A merge that people have to judge: Acme Inc into Acme Corp, the lead linked and routed, a task made.
import { definitionHash, sourceHash } from '../../../server/brain/domain/intact.ts'
import type { MissionVersion } from '../../../server/brain/domain/mission.ts'
import type { Proposal } from '../../../server/brain/domain/proposal.ts'
import { recordId18 } from '../../../server/brain/domain/record-id.ts'
import { grantHash, type Grant } from '../../../server/contract/grant.ts'

const id = (prefix: string, n: number) => recordId18(`${prefix}AC00000${String(n).padStart(5, '0')}`) ?? ''

export const ORG_ID = id('00D', 1)
export const LEAD = id('00Q', 1)
export const CORP = id('001', 1)
export const INC = id('001', 2)
export const DEAL = id('006', 1)
export const CONTACT = id('003', 1)
export const TASK = id('00T', 1)
export const USERS = {
  admin: id('005', 1),
  second: id('005', 2),
  rep: id('005', 3),
  manager: id('005', 4),
  auditor: id('005', 5),
  priya: id('005', 6),
  dana: id('005', 7),
}

const named = (object: string, recordId: string, name: string) => ({ object, id: recordId, name })
const corp = { text: 'Acme Corp', record: { object: 'Account', id: CORP } }
const inc = { text: 'Acme Inc', record: { object: 'Account', id: INC } }

export const NAMES = {
  [LEAD]: named('Lead', LEAD, 'Jane Doe'),
  [CORP]: named('Account', CORP, 'Acme Corp'),
  [INC]: named('Account', INC, 'Acme Inc'),
  [DEAL]: named('Opportunity', DEAL, 'Acme renewal'),
  [CONTACT]: named('Contact', CONTACT, 'John Smith'),
  [USERS.priya]: named('User', USERS.priya, 'Priya Rao'),
  [USERS.dana]: named('User', USERS.dana, 'Dana Whit'),
}

/** Everything a view could show, with values that are easy to look for. */
export function acmeProposal(overrides: Partial<Proposal> = {}): Proposal {
  const stamp = '2026-11-22T12:00:00.000Z'
  return {
    subject: named('Lead', LEAD, 'Jane Doe'),
    operations: [
      {
        kind: 'update',
        object: 'Lead',
        id: LEAD,
        fields: { Matched_Account__c: { from: null, to: CORP, source: 'rule:same company' } },
      },
      {
        kind: 'create',
        object: 'Task',
        key: 'followUp',
        fields: {
          Subject: { to: 'Call Jane Doe: Acme Inc is Acme Corp', source: 'rule:follow up' },
          WhoId: { to: LEAD, source: 'rule:follow up' },
        },
      },
      {
        kind: 'changeOwner',
        object: 'Lead',
        id: LEAD,
        from: USERS.dana,
        to: USERS.priya,
        source: 'knowledge:territory-rules v1 §West',
        keepTeam: true,
        transfer: [],
      },
      {
        kind: 'merge',
        object: 'Account',
        survivor: CORP,
        losers: [INC],
        fields: {
          Phone: { from: null, to: '+1 617 555 0100', source: `record:${INC}` },
          BillingCity: { from: 'Boston', to: 'Cambridge', source: 'rule:newest' },
          AnnualRevenue: { from: '1000000', to: '2500000', source: `record:${INC}` },
        },
        moves: [
          { object: 'Opportunity', field: 'AccountId', ids: [DEAL] },
          { object: 'Contact', field: 'AccountId', ids: [CONTACT] },
        ],
      },
    ],
    base: { [LEAD]: stamp, [CORP]: stamp, [INC]: stamp },
    sentence: ['Fold ', inc, ' into ', corp, ' and give the lead to Priya.'],
    band: 'strong',
    risk: 'high',
    badges: [
      { code: 'owner', label: ['Owner changes'], gated: true },
      {
        code: 'pipeline',
        label: [
          { text: '240,000', record: { object: 'Opportunity', id: DEAL }, field: 'Opportunity.Amount' },
          ' moves',
        ],
        gated: true,
      },
    ],
    checks: [
      {
        label: [inc, ' and ', corp, ' share a phone'],
        agrees: true,
        by: 'rule',
        citations: ['account-merge-policy v1 §Phone'],
      },
    ],
    wrongIf: [[inc, ' may be a separate legal entity']],
    gate: { lines: [0], rosters: [{ needs: 1, from: 'group:RevOps' }] },
    gatedFields: ['Lead.OwnerId', 'Account.AnnualRevenue'],
    lost: [{ record: { object: 'Account', id: INC }, field: 'Fax', value: '617 555 0199' }],
    moves: [
      {
        object: 'Opportunity',
        field: 'AccountId',
        label: 'Opportunities',
        ids: [DEAL],
        amount: '240000',
        names: [NAMES[DEAL]!],
      },
      {
        object: 'Contact',
        field: 'AccountId',
        label: 'Contacts',
        ids: [CONTACT],
        amount: null,
        names: [NAMES[CONTACT]!],
      },
    ],
    expected: [{ object: 'Account', id: CORP, field: 'CreatedDate', reason: 'a merge keeps the oldest creation date' }],
    undo: { class: 'partial', sentence: 'Undo: partial, for 15 days.' },
    names: NAMES,
    labels: {
      'Lead.OwnerId': 'Lead Owner',
      'Account.Phone': 'Phone',
      'Account.AnnualRevenue': 'Annual Revenue',
      'Account.Fax': 'Fax',
    },
    before: {
      [LEAD]: { Matched_Account__c: null, OwnerId: USERS.dana, Company: 'Acme' },
      [CORP]: {
        Name: 'Acme Corp',
        Phone: null,
        BillingCity: 'Boston',
        AnnualRevenue: '1000000',
        Industry: 'Energy',
        CreatedDate: stamp,
      },
      [INC]: {
        Name: 'Acme Inc',
        Phone: '+1 617 555 0100',
        BillingCity: 'Cambridge',
        AnnualRevenue: '2500000',
        Fax: '617 555 0199',
      },
    },
    ...overrides,
  }
}

const gate = [{ otherwise: true as const, asks: [{ needs: 1, from: 'group:RevOps' }] }]
const definition: MissionVersion['definition'] = {
  mission: 'duplicate-account-reconciliation',
  title: 'Reconcile duplicate accounts',
  description: 'Finds companies that are in twice',
  trigger: [{ change: 'Lead.created', after: '0s' }, { api: { object: 'Lead' } }],
  read: [{ name: 'lead', object: 'Lead', id: 'trigger.recordId', fields: ['Company'] }],
  knowledge: [],
  reason: [],
  let: {},
  skip: [],
  propose: [],
  gate,
  facts: {},
  limits: { records: 50, perDay: 500, open: 200, apiCalls: 12, minutes: 10, tokens: 50_000 },
}
const source = 'mission: duplicate-account-reconciliation'

const grant: Grant = {
  mission: definition.mission,
  version: 1,
  reads: { Lead: ['Company'], Account: ['Phone'] },
  writes: {
    Account: { kinds: ['merge', 'update'], fields: ['Phone', 'BillingCity', 'AnnualRevenue'] },
    Lead: { kinds: ['changeOwner', 'update'], fields: ['Matched_Account__c', 'OwnerId'] },
    Task: { kinds: ['create'], fields: ['Subject', 'WhoId'] },
  },
  gate,
  facts: {},
  definition: { parsed: definitionHash(definition), source: sourceHash(source) },
  knowledge: {},
  limits: { records: 50, apiCalls: 12 },
}

export function acmeMission(): MissionVersion {
  return {
    name: grant.mission,
    version: 1,
    source,
    grant,
    grantHash: grantHash(grant),
    definition,
    knowledge: {},
    activation: null,
    activatedBy: null,
    activatedAt: null,
    signedFirst: null,
    endsAt: null,
    waiting: null,
    withdrawn: null,
  }
}
