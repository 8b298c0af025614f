// A key that signs as the org's Apex would, a grant with its row of the register, and change sets sealed as the brain seals them.
import { SignJWT } from 'jose'
import { createPublicKey, generateKeyPairSync, randomBytes, randomUUID, type KeyObject } from 'node:crypto'
import type { SealedDocument } from '../../server/contract/change-set.ts'
import type { GateRequirement } from '../../server/contract/gate/lines.ts'
import { grantHash, type Grant } from '../../server/contract/grant.ts'
import type { Operation } from '../../server/contract/operations/operation.ts'
import { rightsFor, rightsHash } from '../../server/contract/rights.ts'
import { macOf } from '../../server/salesforce-mcp/approvals/mac.ts'
import type { SealKey } from '../../server/settings/key-text.ts'
import { digestOf, openLeaves, type OpenLeaf } from '../../server/contract/seal.ts'

export const ORG_ID = '00D000000000001EAA'

export interface Keys {
  privateKey: KeyObject
  privatePem: string
  publicPem: string
}

export function newKeys(): Keys {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const privatePem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const publicPem = createPublicKey(privatePem).export({ type: 'spki', format: 'pem' }).toString()
  return { privateKey, privatePem, publicPem }
}

/** One for all tests of a file: making keys is slow. */
export const orgKeys = newKeys()

export const GATES: [GateRequirement, GateRequirement] = [
  { lines: [0], rosters: [{ needs: 1, from: 'permission:Decide_Missions' }] },
  { lines: [1], rosters: [{ needs: 2, from: 'group:RevOps' }] },
]

export const grant: Grant = {
  mission: 'duplicate-account-reconciliation',
  version: 1,
  reads: {
    Account: ['Website', 'Phone', 'AnnualRevenue', 'OwnerId', 'ParentId', 'BillingCity', 'Type', 'Legal_Hold__c'],
    Contact: ['Email', 'LastName', 'AccountId'],
    Lead: ['Company', 'Status', 'OwnerId', 'LastName'],
    Opportunity: ['Amount', 'StageName', 'AccountId', 'OwnerId', 'CloseDate', 'NextStep'],
    Task: ['Subject', 'WhatId'],
    Case: ['AccountId', 'Status'],
  },
  writes: {
    Account: {
      kinds: ['update', 'changeOwner', 'merge'],
      fields: ['Website', 'Phone', 'AnnualRevenue', 'NumberOfEmployees'],
    },
    Opportunity: { kinds: ['update', 'changeOwner', 'delete'], fields: ['Amount', 'StageName', 'NextStep'] },
    Lead: { kinds: ['update', 'convertLead'], fields: ['Company', 'Status'] },
    AccountContactRelation: { kinds: ['delete'], fields: [] },
    Task: { kinds: ['create', 'changeOwner'], fields: ['Subject', 'WhatId', 'Status', 'Priority', 'OwnerId'] },
    Event: { kinds: ['changeOwner'], fields: [] },
  },
  gate: [
    { otherwise: true, asks: [{ needs: 1, from: 'permission:Decide_Missions' }] },
    { when: 'merge.movesAmount >= 5000000', asks: [{ needs: 2, from: 'group:RevOps' }] },
    { when: 'record.legalHold', block: 'Legal hold' },
  ],
  facts: { legalHold: 'Account.Legal_Hold__c' },
  definition: { parsed: 'a'.repeat(64), source: 'b'.repeat(64) },
  knowledge: {},
  limits: { records: 50, apiCalls: 12 },
}

/** Claims of a decision as Apex would sign them; `changes` replaces or, with undefined, leaves out. */
export interface Signing {
  claims?: Record<string, unknown>
  key?: KeyObject
  algorithm?: string
  issuedAt?: Date
}

export function sign(
  base: Record<string, unknown>,
  { claims, key, algorithm, issuedAt }: Signing = {},
): Promise<string> {
  const seconds = Math.floor((issuedAt ?? new Date()).getTime() / 1000)
  const payload = {
    iss: ORG_ID,
    aud: 'salesforce-mcp',
    typ: 'decision',
    jti: randomUUID(),
    iat: seconds,
    exp: seconds + 60,
    permissions: ['View_Missions', 'Decide_Missions'],
    groups: ['RevOps'],
    ...base,
    ...claims,
  }
  const kept = Object.fromEntries(Object.entries(payload).filter(([, value]) => value !== undefined))
  return new SignJWT(kept).setProtectedHeader({ alg: algorithm ?? 'RS256' }).sign(key ?? orgKeys.privateKey)
}

export function activationToken(userId: string, opened: Grant, signing: Signing = {}): Promise<string> {
  const base = {
    sub: userId,
    decisionId: `mission:${opened.mission}@${opened.version}`,
    digest: grantHash(opened),
    verb: 'activate',
    rights: rightsHash([]),
    permissions: ['Administer_Missions'],
  }
  return sign(base, signing)
}

/** What Apex signs when an administrator starts what was stopped. */
export function startToken(userId: string, what = 'writes', signing: Signing = {}): Promise<string> {
  const base = {
    sub: userId,
    decisionId: `switch:${what}`,
    digest: 'd'.repeat(64),
    verb: 'start-writes',
    rights: rightsHash([]),
    permissions: ['Administer_Missions'],
  }
  return sign(base, signing)
}

export interface Sealed {
  document: SealedDocument
  leaves: OpenLeaf[]
  digest: string
}

export function sealedOf(
  operations: Operation[],
  base: Record<string, string>,
  changes: Partial<SealedDocument> = {},
): Sealed {
  const document: SealedDocument = {
    org: ORG_ID,
    decision: randomUUID(),
    run: 'run-1',
    mission: grant.mission,
    missionVersion: grant.version,
    grant: grantHash(grant),
    version: 1,
    gate: GATES[0],
    launcher: null,
    editors: [],
    expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
    operations,
    base,
    ...changes,
  }
  const leaves = openLeaves(document, () => randomBytes(16).toString('base64url'))
  return { document, leaves, digest: digestOf(leaves) }
}

/** What Apex signs when this user approves. */
export function approvalToken({ document, digest }: Sealed, userId: string, signing: Signing = {}): Promise<string> {
  const rights = rightsHash(rightsFor(document.operations))
  return sign({ sub: userId, decisionId: document.decision, digest, verb: 'approve', rights }, signing)
}

const ANNA = '005000000000001AAA'
const YEAR_MS = 365 * 86_400_000

interface RowChanges {
  n?: number
  endsAt?: Date
  createdAt?: Date
  changedAt?: Date
  withdrawn?: boolean
  deleted?: boolean
}

/** The row of an activation that Anna signed, as a query answers it. */
export function registeredRow(key: SealKey, opened: Grant = grant, changes: RowChanges = {}): Record<string, unknown> {
  const { n = 1, createdAt = new Date(0), endsAt = new Date(Date.now() + YEAR_MS) } = changes
  const ends = `${endsAt.toISOString().slice(0, 19)}.000Z`
  const { mission, version } = opened
  const parts = [
    'activation',
    ORG_ID,
    `${mission}/${n - 1}`,
    mission,
    version,
    grantHash(opened),
    [ANNA, null],
    ends,
    `s${n}`,
  ]
  return {
    Id: `a0100000000${n}AAA`,
    Name: `MA-${String(n).padStart(6, '0')}`,
    Key__c: `${mission}/${n - 1}`,
    Mission__c: mission,
    Version__c: version,
    Grant__c: grantHash(opened),
    Activated_By__c: ANNA,
    Seconded_By__c: null,
    Ends__c: ends.replace('Z', '+0000'),
    Signatures__c: `s${n}`,
    Seal__c: macOf(key, parts),
    Withdrawn__c: changes.withdrawn ?? false,
    IsDeleted: changes.deleted ?? false,
    CreatedDate: createdAt.toISOString(),
    LastModifiedDate: (changes.changedAt ?? createdAt).toISOString(),
  }
}
