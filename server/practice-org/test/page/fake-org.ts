import express from 'express'

type Row = Record<string, unknown> & { Id: string }
type Field = { name: string; label: string; type: string } & Record<string, unknown>

const PEOPLE: Record<string, { id: string; name: string }> = {
  'admin@practice.example': { id: '005000000000001AAA', name: 'Ada Admin' },
  'rep@practice.example': { id: '005000000000003AAA', name: 'Rita Rep' },
}

const field = (name: string, label: string, type = 'string', more: Record<string, unknown> = {}): Field => ({
  name,
  label,
  type,
  nillable: true,
  createable: true,
  updateable: true,
  ...more,
})
const owner = field('OwnerId', 'Owner ID', 'reference', { relationshipName: 'Owner', referenceTo: ['User'] })
const account = field('AccountId', 'Account ID', 'reference', { relationshipName: 'Account', referenceTo: ['Account'] })
const choices = (...values: string[]) => ({
  picklistValues: values.map((value) => ({ value, label: value, active: true })),
})

const OBJECTS: Record<string, { plural: string; fields: Field[] }> = {
  Lead: {
    plural: 'Leads',
    fields: [
      field('Name', 'Full Name', 'string', { createable: false }),
      field('FirstName', 'First Name'),
      field('LastName', 'Last Name', 'string', { nillable: false }),
      field('Company', 'Company', 'string', { nillable: false }),
      field('Status', 'Status', 'picklist', { nillable: false, ...choices('Open', 'Qualified') }),
      field('Email', 'Email', 'email'),
      field('Phone', 'Phone', 'phone'),
      field('CreatedDate', 'Created Date', 'datetime', { createable: false }),
      owner,
    ],
  },
  Account: {
    plural: 'Accounts',
    fields: [
      field('Name', 'Account Name', 'string', { nillable: false }),
      field('Type', 'Account Type', 'picklist', choices('Customer', 'Prospect')),
      field('Industry', 'Industry', 'picklist', choices('Energy', 'Retail')),
      field('Phone', 'Account Phone', 'phone'),
      field('Website', 'Website', 'url'),
      field('BillingCity', 'Billing City'),
      field('AnnualRevenue', 'Annual Revenue', 'currency'),
      field('Legal_Hold__c', 'Legal Hold', 'boolean'),
      field('Description', 'Description', 'textarea'),
      owner,
    ],
  },
  Contact: {
    plural: 'Contacts',
    fields: [field('Name', 'Full Name'), field('Title', 'Title'), field('Email', 'Email', 'email'), account],
  },
  Opportunity: {
    plural: 'Opportunities',
    fields: [
      field('Name', 'Name'),
      field('StageName', 'Stage', 'picklist', choices('Prospecting', 'Closed Won')),
      field('Amount', 'Amount', 'currency'),
      field('CloseDate', 'Close Date', 'date'),
      account,
    ],
  },
  Case: { plural: 'Cases', fields: [field('CaseNumber', 'Case Number'), field('Subject', 'Subject'), account] },
}

const ADA = { attributes: { type: 'User' }, Name: 'Ada Admin' }

function rowsOf(): Record<string, Row[]> {
  const acme = { attributes: { type: 'Account' }, Name: 'Acme Corporation' }
  return {
    Account: Array.from({ length: 120 }, (_, n) => ({
      Id: `001${String(n).padStart(12, '0')}AAA`,
      Name: n === 0 ? 'Acme Corporation' : `Northwind Trading ${n} International Holdings`,
      Type: 'Customer',
      Industry: 'Energy',
      Phone: '+1 415 555 0100',
      Website: 'https://acme.example',
      BillingCity: 'San Francisco',
      AnnualRevenue: 1_200_000,
      Legal_Hold__c: n === 0,
      Description: 'First line.\nSecond line.',
      OwnerId: '005000000000001AAA',
      Owner: ADA,
    })),
    Lead: [lead('00Q000000000001AAA', 'Grace', 'Hopper', 'Acme Corp.')],
    Contact: [
      {
        Id: '003000000000001AAA',
        Name: 'Joan Clarke',
        Title: 'Buyer',
        Email: 'joan@acme.example',
        AccountId: '001000000000000AAA',
        Account: acme,
      },
    ],
    Opportunity: [
      {
        Id: '006000000000001AAA',
        Name: 'Acme renewal',
        StageName: 'Prospecting',
        Amount: 45_000,
        CloseDate: '2026-12-01',
        AccountId: '001000000000000AAA',
        Account: acme,
      },
    ],
    Case: [],
  }
}

function lead(id: string, first: string, last: string, company: string): Row {
  const name = { FirstName: first, LastName: last, Name: `${first} ${last}`.trim() }
  const rest = {
    Company: company,
    Status: 'Open',
    Email: 'grace@acme.example',
    CreatedDate: '2026-11-20T10:00:00.000+0000',
  }
  return { Id: id, ...name, ...rest, OwnerId: '005000000000001AAA', Owner: ADA }
}

/** A tiny org: just enough REST for the page, rows in memory, one validation rule (a lead of "Refused" is not wanted). */
export function fakeOrg(): {
  app: express.Express
  rows: Record<string, Row[]>
  apexCalls: { method: string; body: unknown }[]
} {
  const app = express()
  const rows = rowsOf()
  const apexCalls: { method: string; body: unknown }[] = []
  app.use(express.json(), express.urlencoded({ extended: false }))

  app.post('/services/oauth2/token', (request, response) => {
    const { username = '', password } = request.body as Record<string, string>
    const person = PEOPLE[username]
    if (!person || password !== 'practice')
      return void response.status(400).json({ error: 'invalid_grant', error_description: 'authentication failure' })
    response.json({ access_token: `token ${username}`, id: `https://org/id/00D/${person.id}`, token_type: 'Bearer' })
  })
  app.use((request, response, next) => {
    if (!request.path.startsWith('/services') && !request.path.startsWith('/practice')) return next()
    const person = PEOPLE[(request.headers.authorization ?? '').replace('Bearer token ', '')]
    if (!person)
      return void response
        .status(401)
        .json([{ errorCode: 'INVALID_SESSION_ID', message: 'Session expired or invalid' }])
    response.locals.person = person
    next()
  })
  app.get(
    '/services/oauth2/userinfo',
    (_request, response) =>
      void response.json({ ...response.locals.person, custom_permissions: { Decide_Missions: 'true' } }),
  )
  app.get(
    '/services/data/v66.0/query',
    (request, response) => void response.json(answer(String(request.query.q), rows)),
  )
  app.get('/services/data/v66.0/search', (_request, response) => {
    response.json({
      searchRecords: [{ attributes: { type: 'Account' }, Id: '001000000000000AAA', Name: 'Acme Corporation' }],
    })
  })
  app.get('/services/data/v66.0/sobjects/:object/describe', (request, response) => {
    const { plural = '', fields = [] } = OBJECTS[request.params.object] ?? {}
    const visible = fields.filter(({ name }) => !(response.locals.person.name === 'Rita Rep' && name === 'Amount'))
    response.json({
      name: request.params.object,
      label: request.params.object,
      labelPlural: plural,
      createable: true,
      updateable: true,
      fields: visible,
    })
  })
  app.get('/services/data/v66.0/sobjects/:object/:id', (request, response) => {
    response.json(rows[request.params.object]?.find((row) => row.Id === request.params.id))
  })
  app.patch('/services/data/v66.0/sobjects/:object/:id', (request, response) => {
    Object.assign(rows[request.params.object]?.find((row) => row.Id === request.params.id) ?? {}, request.body)
    response.status(204).end()
  })
  app.post('/services/data/v66.0/sobjects/Lead', (request, response) => {
    const { FirstName = '', LastName = '', Company = '' } = request.body as Record<string, string>
    if (Company === 'Refused')
      return void response
        .status(400)
        .json([
          { errorCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'We do not sell to them.', fields: ['Company'] },
        ])
    const id = `00Q00000000${String(1000 + (rows.Lead?.length ?? 0))}AAA`
    rows.Lead?.push(lead(id, FirstName, LastName, Company))
    response.status(201).json({ id, success: true, errors: [] })
  })
  app.post('/practice/apex/:method', (request, response) => {
    apexCalls.push({ method: request.params.method, body: request.body })
    if (request.params.method === 'MissionSession.open')
      return void response.json({ token: 't', brainUrl: 'http://localhost:4000' })
    response
      .status(403)
      .json({ message: 'You need Edit on Account.Name.', exceptionType: 'System.AuraHandledException' })
  })
  return { app, rows, apexCalls }
}

/** Understands what the page asks: an object, at most one equality, COUNT() and LIMIT. */
function answer(soql: string, rows: Record<string, Row[]>): unknown {
  const object = /FROM (\w+)/.exec(soql)?.[1] ?? ''
  const [, name = '', value] = /WHERE (\w+) = '([^']*)'/.exec(soql) ?? []
  const term = /LIKE '%([^']*)%'/.exec(soql)?.[1]?.toLowerCase() ?? ''
  const found = (rows[object] ?? []).filter(
    (row) =>
      (!name || row[name] === value) &&
      String(row.Name ?? '')
        .toLowerCase()
        .includes(term),
  )
  if (soql.includes('COUNT()')) return { totalSize: found.length, done: true, records: [] }
  const page = found.slice(0, Number(/LIMIT (\d+)/.exec(soql)?.[1] ?? 2000))
  return { totalSize: page.length, done: true, records: page }
}
