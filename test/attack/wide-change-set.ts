// A change set of every kind of operation that the test's grant allows, and each way to change it after it was approved.
import type { Operation } from '../../server/contract/operations/operation.ts'
import { close, commitment, type Leaf, type OpenLeaf } from '../../server/contract/seal.ts'
import { GATES } from '../salesforce-mcp/signing.ts'
import { ANNA, BORIS, OTHER_ORG, sealed } from '../salesforce-mcp/silent-house.ts'
import type { Sealed } from '../salesforce-mcp/signing.ts'

const id = (prefix: string, n: number) => `${prefix}00000000${String(n).padStart(4, '0')}AAA`
const owner = (object: string, record: string): Operation => ({
  kind: 'changeOwner',
  object,
  id: record,
  from: ANNA,
  to: BORIS,
  source: 'rule:x',
  keepTeam: true,
  transfer: [],
})

const change = (from: string | null, to: string | null) => ({ from, to, source: 'rule:x' as const })
const OPERATIONS: Operation[] = [
  {
    kind: 'update',
    object: 'Account',
    id: id('001', 1),
    fields: {
      Phone: change(null, '1'),
      Website: change('a.example', 'b.example'),
      AnnualRevenue: change('100', '200'),
      NumberOfEmployees: change('5', '6'),
    },
  },
  {
    kind: 'update',
    object: 'Opportunity',
    id: id('006', 1),
    fields: { Amount: change('1', '2'), NextStep: change('Call', 'Send'), StageName: change('Open', 'Closed') },
  },
  {
    kind: 'update',
    object: 'Lead',
    id: id('00Q', 1),
    fields: { Company: change('Acme', 'Acme Inc'), Status: change('Open', 'Working') },
  },
  {
    kind: 'create',
    object: 'Task',
    key: 'followUp',
    fields: { Subject: { to: 'Call', source: 'rule:x' }, WhatId: { to: id('001', 1), source: 'rule:x' } },
  },
  owner('Account', id('001', 2)),
  owner('Opportunity', id('006', 2)),
  {
    kind: 'merge',
    object: 'Account',
    survivor: id('001', 3),
    losers: [id('001', 4), id('001', 5)],
    fields: { Phone: change('1', '2'), NumberOfEmployees: change('7', '8') },
    moves: [
      { object: 'Contact', field: 'AccountId', ids: [id('003', 1), id('003', 2)] },
      { object: 'Opportunity', field: 'AccountId', ids: [id('006', 3)] },
    ],
  },
  { kind: 'convertLead', id: id('00Q', 2), convertedStatus: 'Closed', opportunity: 'none', overwriteLeadSource: false },
  { kind: 'delete', object: 'Opportunity', id: id('006', 4) },
]

/** Sealed anew at each call: another decision, other salts. */
export const wide = (): Sealed => sealed({ gate: GATES[1], editors: [id('005', 8)] }, OPERATIONS)

export interface Mutant {
  title: string
  leaves: Leaf[]
}

/** Other values that a leaf of this value could be given. */
function otherValues(value: OpenLeaf['value']): unknown[] {
  if (typeof value === 'number') return [value + 1, 0 - value, String(value)]
  if (typeof value === 'boolean') return [!value, null, String(value)]
  if (value === null) return ['', false, '0']
  if (typeof value === 'object') return [null, '', Array.isArray(value) ? {} : []]
  const lower = value.toLowerCase()
  const flipped = lower === value ? value.toUpperCase() : lower
  return [`${value} `, flipped === value ? `${value}0` : flipped, value.slice(0, -1)]
}

const ADDED_NAMES = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  '',
  '00',
  '01',
  '1e0',
  '-1',
  '0x0',
  ' 0',
  '9999999999',
  'Kind',
  'ID',
  'object ',
  'organisation',
  '~0',
  '~1',
  '\u0000',
  'approvals',
]
const ADDED_UNDER = ['', '/operations/0', '/operations', '/gate', '/operations/0/fields/OwnerId']

/** Every mutant of one leaf or more, by family. */
export function mutantsOf({ leaves }: Sealed, other: Sealed): Record<string, Mutant[]> {
  const each = (title: string, of: (leaf: OpenLeaf, n: number) => Leaf[]): Mutant[] =>
    leaves.map((leaf, n) => ({ title: `${title} ${leaf.path}`, leaves: of(leaf, n) }))
  const replaced = (n: number, ...by: Leaf[]): Leaf[] => [...leaves.slice(0, n), ...by, ...leaves.slice(n + 1)]
  const salt = 'A'.repeat(22)
  return {
    changed: leaves.flatMap((leaf, n) =>
      otherValues(leaf.value).map((value) => ({
        title: `changed ${leaf.path} to ${JSON.stringify(value)}`,
        leaves: replaced(n, { ...leaf, value } as OpenLeaf),
      })),
    ),
    'left out': each('left out', (_leaf, n) => replaced(n)),
    twice: each('twice', (leaf, n) => replaced(n, leaf, leaf)),
    'twice, the second otherwise': each('twice, other', (leaf, n) =>
      replaced(n, leaf, { ...leaf, value: 'another' } as OpenLeaf),
    ),
    closed: each('closed', (leaf, n) => replaced(n, close(leaf))),
    'open and closed': each('open and closed', (leaf, n) => replaced(n, leaf, close(leaf))),
    'open otherwise, with its commitment': each('with commitment', (leaf, n) =>
      replaced(n, { ...leaf, value: 'another', commitment: commitment(leaf) } as OpenLeaf),
    ),
    resalted: each('resalted', (leaf, n) => replaced(n, { ...leaf, salt })),
    renamed: each('renamed', (leaf, n) => replaced(n, { ...leaf, path: `${leaf.path}x` })),
    exchanged: each('exchanged', (leaf, n) => {
      const next = leaves[(n + 1) % leaves.length]!
      return replaced(n, { ...leaf, path: next.path }).map((one) => (one === next ? { ...next, path: leaf.path } : one))
    }),
    added: ADDED_UNDER.flatMap((under) =>
      ADDED_NAMES.map((name) => ({
        title: `added ${under}/${name}`,
        leaves: [...leaves, { path: `${under}/${name}`, salt, value: OTHER_ORG }],
      })),
    ),
    mixed: each('mixed', (leaf, n) =>
      replaced(
        n,
        other.leaves.find(({ path }) => path === leaf.path)!,
      ),
    ),
  }
}
