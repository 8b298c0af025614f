// A practice org with a handful of records and salesforce-mcp before it.
import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import type { Operation } from '../../server/contract/operations/operation.ts'
import { grantHash, type Grant } from '../../server/contract/grant.ts'
import type { ToolInput, ToolName, ToolOutput } from '../../server/contract/tools.ts'
import { practiceContent } from '../../server/practice/content/content.ts'
import type { OrgContent } from '../../server/practice-org/src/content/content.ts'
import { startPracticeOrg, type PracticeOrg } from '../../server/practice-org/src/compose.ts'
import {
  createSalesforceMcp,
  type SalesforceMcp,
  type SalesforceMcpOptions,
} from '../../server/salesforce-mcp/compose.ts'
import { permissionSetsFor } from '../support/permission-set-folders.ts'
import { callTool, connected } from './calling.ts'
import { grant, newKeys, ORG_ID, orgKeys } from './signing.ts'

/** Fields that the tests of visibility ask for: the reader tells of a field only what it may see itself. */
const ADDRESSES: Grant = {
  ...grant,
  reads: {
    Account: ['BillingStreet', 'BillingState', 'ShippingCity'],
    Contact: ['MailingPostalCode', 'FirstName'],
    Lead: ['Street', 'Country', 'FirstName'],
  },
  writes: {},
}

/** Key of both org users. */
const user = newKeys()

export interface House {
  org: PracticeOrg
  mcp: SalesforceMcp
  client: Client
  options: SalesforceMcpOptions
  /** Moves the org's clock: it keeps times to the second. */
  later(ms: number): void
  ids: Records
  /** Calls a tool; throws ToolErrorAnswer for `isError`. */
  call<T extends ToolName>(name: T, input: ToolInput<T>, run?: string): Promise<ToolOutput<T>>
  fault(order: object): Promise<void>
  close(): Promise<void>
}

export interface Records {
  survivor: string
  loser: string
  lead: string
  contact: string
  opportunity: string
  task: string
  admin: string
  second: string
  rep: string
}

/** `granted` are the grants whose permission sets the org's users get. */
export async function openHouse(
  overrides: Partial<SalesforceMcpOptions> = {},
  granted: readonly Grant[] = [grant],
): Promise<House> {
  const clients = ['reader', 'writer'].map((name) => ({
    id: `missions-${name}`,
    publicKeyPem: user.publicPem,
    users: [`${name}@practice.example`],
  }))
  let ahead = 0
  const permissionSets = permissionSetsFor([...granted, ADDRESSES])
  const org = await startPracticeOrg({
    now: () => Date.now() + ahead,
    port: 0,
    eventsPort: 0,
    dataDir: null,
    content: withWriterAbove(practiceContent({ brainUrl: 'http://localhost:4000', permissionSets })),
    orgId: ORG_ID,
    clients,
  })
  const login = (name: string) => ({
    clientId: `missions-${name}`,
    username: `${name}@practice.example`,
    privateKeyPem: user.privatePem,
  })
  const options: SalesforceMcpOptions = {
    orgId: ORG_ID,
    loginUrl: org.url,
    reader: login('reader'),
    writer: login('writer'),
    orgPublicKeys: [orgKeys.publicPem, org.publicKeyPem],
    sealKey: { key: randomBytes(32), earlier: [] },
    pausesMs: [0, 0],
    ...overrides,
  }
  const mcp = await createSalesforceMcp(options)
  const client = await connected(mcp)
  return {
    org,
    mcp,
    client,
    options,
    ids: records(org),
    later: (ms) => void (ahead += ms),
    call: (name, input, run) => callTool(client, name, input, run),
    fault: async (order) => {
      const response = await fetch(`${org.url}/practice/faults`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(order),
      })
      if (!response.ok) throw new Error(await response.text())
    },
    close: async () => {
      await client.close()
      await mcp.close()
      await org.close()
      rmSync(permissionSets, { recursive: true, force: true })
    },
  }
}

/** Gives the writer a role above all others, so that it may write the private records of every owner. */
function withWriterAbove(content: OrgContent): OrgContent {
  const top = 'Integration'
  return {
    ...content,
    roles: [{ name: top, parent: null }, ...content.roles.map((role) => ({ ...role, parent: role.parent ?? top }))],
    people: content.people.map((person) => (person.login === 'writer' ? { ...person, role: top } : person)),
  }
}

function records({ org }: PracticeOrg): Records {
  const id = (name: string) => org.user(`${name}@practice.example`)?.id ?? ''
  const [admin, second, rep] = [id('admin'), id('second'), id('rep')]
  const one = (object: string, fields: Record<string, string | number | boolean>) =>
    org.load(object, [{ OwnerId: admin, ...fields }])[0] ?? ''
  const survivor = one('Account', { Name: 'Acme Inc', Website: 'https://www.acme.example', Phone: '(415) 555-0123' })
  const loser = one('Account', { Name: 'ACME Incorporated', Website: 'acme.example', AnnualRevenue: 1234567 })
  const contact = one('Contact', { LastName: 'Roe', Email: 'roe@acme.example', AccountId: loser })
  const opportunity = one('Opportunity', {
    Name: 'Acme renewal',
    StageName: 'Prospecting',
    CloseDate: '2027-01-31',
    Amount: 1000000.1,
    AccountId: loser,
  })
  const task = one('Task', { Subject: 'Call Roe', Status: 'Not Started', Priority: 'Normal', WhatId: loser })
  const lead = one('Lead', { LastName: 'Doe', Company: 'Acme', Status: 'Open - Not Contacted' })
  return { survivor, loser, lead, contact, opportunity, task, admin, second, rep }
}

/** The change set's base as `checkChangeSet` gives it to the brain. */
export async function baseOf(house: House, operations: Operation[]): Promise<Record<string, string>> {
  return (await house.call('checkChangeSet', { grant: grantHash(grant), operations, base: {} })).base
}
