import { describe, expect, it } from 'vitest'
import { canonical } from '../../../../server/contract/values/canonical.ts'
import { Operation } from '../../../../server/contract/operations/operation.ts'
import { render, restsOn, type Phrase } from '../../../../server/brain/domain/phrase.ts'
import { account, flagship, idOf, lead, mission, OWNERS, record, think, type Thought } from './fake-context.ts'
import { orgOf, STORIES } from './stories.ts'

const SEES_ALL = { record: () => true, field: () => true }
const ofKind = <K extends Operation['kind']>({ proposal }: Thought, kind: K) =>
  (proposal?.operations ?? []).filter((op): op is Extract<Operation, { kind: K }> => op.kind === kind)
const verdictOf = ({ outcome }: Thought) => (outcome.kind === 'finish' ? outcome.verdict : outcome.kind)

const acme = {
  Name: 'Acme Corp',
  Website: 'acme.com',
  Phone: '+1 617 555 0188',
  BillingState: 'MA',
  BillingCountry: 'US',
}
const WITHOUT_PROPOSAL = ['shared-reseller-domain', 'unknown-company']
const fromAcme = { Company: 'Acme', Email: 'lee@acme.com', Phone: '617 555 0188' }

describe('a run over the planted stories', () => {
  it.each([
    ['two-accounts-one-company', ['update', 'changeOwner', 'create', 'merge']],
    ['one-account-known-contact', ['update', 'changeOwner', 'create']],
    ['parent-and-subsidiary', ['update', 'changeOwner', 'create']],
    ['franchise', ['update', 'changeOwner', 'create']],
    ['same-name-other-country', ['update', 'changeOwner', 'create']],
    ['contact-on-both-accounts', ['update', 'changeOwner', 'create', 'delete', 'merge']],
    ['person-account', ['update', 'changeOwner', 'create']],
    ['legal-hold', ['update', 'changeOwner', 'create']],
  ])('proposes for %s exactly %j', async (name, kinds) => {
    const thought = await think(orgOf(name))
    expect(thought.proposal?.operations.map(({ kind }) => kind)).toEqual(kinds)
  })

  it.each(WITHOUT_PROPOSAL)('ends for %s with nothing to do, saying why', async (name) => {
    const thought = await think(orgOf(name))
    expect(verdictOf(thought)).toBe('nothing to do')
    expect(thought.lines.at(-1)).toMatch(/No account/)
  })

  it.each(STORIES.filter(({ truth }) => truth === 'not-a-duplicate').map(({ name }) => name))(
    'says of %s that they are not duplicates',
    async (name) => expect((await think(orgOf(name))).lines.join('\n')).toMatch(/not (a )?duplicate/),
  )

  it.each(STORIES.map(({ name }) => name))('is the same to the byte when %s is thought again', async (name) => {
    const [once, again] = [await think(orgOf(name)), await think(orgOf(name))]
    expect(canonical(JSON.parse(JSON.stringify(again)))).toBe(canonical(JSON.parse(JSON.stringify(once))))
  })

  it.each(STORIES.map(({ name }) => name))(
    'does not depend on the order in which the accounts of %s are read',
    async (name) => {
      const org = orgOf(name)
      const turned = { ...org, accounts: [...org.accounts].reverse() }
      expect((await think(turned)).proposal).toEqual((await think(org)).proposal)
    },
  )

  it.each(STORIES.map(({ name }) => name))(
    'keeps to four calls, lines of 90 and a sentence of 40 words in %s',
    async (name) => {
      const { calls, lines, proposal } = await think(orgOf(name))
      expect(calls).toBeLessThanOrEqual(4)
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(90)
      expect(proposal === null).toBe(WITHOUT_PROPOSAL.includes(name))
      const words = proposal ? render(proposal.sentence, SEES_ALL).split(/\s+/).length : 0
      expect(words).toBeLessThanOrEqual(40)
    },
  )

  it.each(STORIES.map(({ name }) => name))(
    'puts nothing of the records of %s into the plain words of a phrase',
    async (name) => {
      const org = orgOf(name)
      const { observations, proposal } = await think(org)
      const phrases: Phrase[] = [
        ...observations.map(({ text }) => text),
        ...(proposal
          ? [
              proposal.sentence,
              ...proposal.wrongIf,
              ...proposal.checks.map(({ label }) => label),
              ...proposal.badges.map(({ label }) => label),
            ]
          : []),
      ]
      const plain = phrases
        .flat()
        .filter((piece) => typeof piece === 'string')
        .join('|')
      const telling = ['Name', 'Company', 'Website', 'Email', 'Phone', 'BillingCity']
      const texts = [org.lead!, ...org.accounts].flatMap(({ values }) =>
        telling.map((field) => values[field]).filter((value) => typeof value === 'string'),
      )
      expect(texts.length).toBeGreaterThan(2)
      expect(texts.filter((text) => plain.includes(text))).toEqual([])
    },
  )
})

describe('a mission that lacks a read step', () => {
  const without = (key: 'id' | 'match') => {
    const read = mission.definition.read.filter((step) => !(key in step))
    return think(orgOf('two-accounts-one-company'), { ...mission, definition: { ...mission.definition, read } })
  }

  it('starts from no record when it has no step with an id', async () => {
    const { outcome, lines } = await without('id')
    expect(outcome).toMatchObject({ kind: 'finish', verdict: 'nothing to do' })
    expect(lines).toEqual(['This mission starts from one record; none was given'])
  })

  it('looks for no duplicates when it has no match step, though it has a record to start from', async () => {
    const { outcome, lines } = await without('match')
    expect(outcome).toMatchObject({ kind: 'finish', verdict: 'nothing to do' })
    expect(lines.at(-1)).toBe('This mission has no match step, so it looks for no duplicates')
  })
})

describe('a merge', () => {
  it('keeps the customer, fills what it lacks from the other and says what is lost', async () => {
    const thought = await think(orgOf('two-accounts-one-company'))
    const [merge] = ofKind(thought, 'merge')
    const [survivor, loser] = [idOf('001', 1), idOf('001', 2)]
    expect(merge).toMatchObject({ survivor, losers: [loser] })
    expect(merge?.fields).toEqual({ Fax: { from: null, to: '415-555-0199', source: `record:${loser}` } })
    expect(thought.proposal?.lost).toEqual([
      { record: { object: 'Account', id: loser }, field: 'Description', value: 'Met at the Oakland trade fair.' },
    ])
  })

  it('names every record it moves, with the open amount', async () => {
    const { proposal } = await think(orgOf('two-accounts-one-company'))
    expect(proposal?.moves.map(({ object, ids, amount }) => [object, ids.length, amount])).toEqual([
      ['Contact', 1, null],
      ['Opportunity', 1, '90000'],
      ['Case', 1, null],
      ['Task', 1, null],
    ])
    expect(proposal?.badges.map(({ code }) => code)).toEqual(['owner-changes', 'merge', 'customer', 'pipeline-moves'])
    expect(proposal?.gatedFields).toEqual(['Lead.OwnerId', 'Opportunity.Amount'])
  })

  it('rests on the stamps of every record it touches and remembers their values', async () => {
    const { proposal } = await think(orgOf('contact-on-both-accounts'))
    const touched = [
      idOf('00Q', 1),
      idOf('001', 1),
      idOf('001', 2),
      ofKind({ proposal } as Thought, 'delete')[0]?.id ?? '',
    ].sort()
    expect(Object.keys(proposal?.base ?? {}).sort()).toEqual(touched)
    expect(Object.keys(proposal?.before ?? {}).sort()).toEqual(touched)
    for (const id of touched) expect(proposal?.names[id]).toBeDefined()
    for (const field of Object.keys(proposal?.before[idOf('001', 1)] ?? {}))
      expect(proposal?.labels[`Account.${field}`]).toBeDefined()
  })

  it('removes the indirect relation of a contact that is on both accounts, visibly and first', async () => {
    const thought = await think(orgOf('contact-on-both-accounts'))
    expect(ofKind(thought, 'delete')).toMatchObject([{ object: 'AccountContactRelation' }])
    expect(thought.lines.join('\n')).toContain('the indirect relation is removed first')
    const ids = ofKind(thought, 'merge').flatMap(({ moves }) =>
      moves.flatMap((move) => ('ids' in move ? move.ids : [])),
    )
    expect(ids).not.toContain(ofKind(thought, 'delete')[0]?.id)
  })

  it('a merge of four accounts is a chain of requests with at most two losers each', async () => {
    const accounts = [1, 2, 3, 4].map((n) =>
      account(n, { ...acme, ...(n === 4 ? { Fax: '1' } : {}), ...(n === 1 ? { Type: 'Customer - Direct' } : {}) }),
    )
    const merges = ofKind(await think({ lead: lead(fromAcme), accounts }), 'merge')
    expect(merges.map(({ losers }) => losers)).toEqual([[idOf('001', 2), idOf('001', 3)], [idOf('001', 4)]])
    expect(merges.map(({ fields }) => Object.keys(fields))).toEqual([[], ['Fax']])
  })

  it('leaves out an account of another record type, saying so', async () => {
    const accounts = [
      account(1, { ...acme, RecordTypeId: idOf('012', 1) }),
      account(2, { ...acme, RecordTypeId: idOf('012', 2) }),
    ]
    const thought = await think({ lead: lead(fromAcme), accounts })
    expect(ofKind(thought, 'merge')).toEqual([])
    expect(thought.lines.join('\n')).toContain('has another record type, so it is not merged')
  })

  it('asks two people when much open pipeline moves', async () => {
    const deal = (n: number, Amount: string) =>
      record('Opportunity', idOf('006', n), { Name: `Deal ${n}`, Amount, IsClosed: false, IsWon: false })
    const accounts = [
      account(1, { ...acme, Type: 'Customer - Direct' }),
      account(2, acme, { Opportunities: [deal(1, '99999.99'), deal(2, '0.01')] }),
    ]
    const { proposal } = await think({ lead: lead(fromAcme), accounts })
    expect(proposal?.gate).toEqual({ lines: [1, 2], rosters: [{ needs: 2, from: 'group:RevOps' }] })
    expect(proposal?.risk).toBe('high')
  })

  it('is made of operations the contract knows', async () => {
    for (const { name } of STORIES) {
      for (const operation of (await think(orgOf(name))).proposal?.operations ?? [])
        expect(Operation.parse(operation)).toEqual(operation)
    }
  })

  it('shows a reader who may not see the loser neither its name nor its values', async () => {
    const { proposal, observations } = await think(orgOf('two-accounts-one-company'))
    const access = {
      record: (id: string) => id !== idOf('001', 2),
      field: (name: string) => name !== 'Opportunity.Amount',
    }
    const seen = [
      proposal!.sentence,
      ...proposal!.badges.map(({ label }) => label),
      ...observations.map(({ text }) => text),
    ].map((phrase) => render(phrase, access))
    expect(seen.join('\n')).not.toContain('90,000')
    expect(seen.join('\n')).not.toMatch(/Brightwater Logistics(?! Inc)(?! was read)/)
    expect(restsOn(proposal!.sentence).records.map(({ id }) => id)).toContain(idOf('001', 2))
  })
})

describe('a lead', () => {
  it('is given to the owner of the account’s territory, with the rule cited', async () => {
    const thought = await think({ lead: lead(fromAcme), accounts: [account(1, acme)] })
    expect(ofKind(thought, 'changeOwner')).toMatchObject([
      { to: OWNERS[1]!.id, source: 'knowledge:territory-rules v1 §Territories' },
    ])
    expect(thought.observations.flatMap(({ citations }) => citations ?? [])).toContain(
      'territory-rules v1 §Territories',
    )
  })

  it('keeps its owner when that is the one already', async () => {
    const thought = await think({ lead: lead({ ...fromAcme, OwnerId: OWNERS[1]!.id }), accounts: [account(1, acme)] })
    expect(thought.proposal?.operations.map(({ kind }) => kind)).toEqual(['update', 'create'])
    expect(thought.proposal?.risk).toBe('low')
    expect(thought.proposal?.undo).toEqual({
      class: 'partial',
      sentence: "Undo: partial. Puts back 1 value. Won't come back: the new Task, which stays.",
    })
  })

  it('points its task at the contact with its e-mail address and that contact’s account', async () => {
    const contact = record('Contact', idOf('003', 7), {
      Name: 'Lee Lead',
      Email: 'LEE@acme.com',
      AccountId: idOf('001', 1),
    })
    const thought = await think({ lead: lead(fromAcme), accounts: [account(1, acme, { Contacts: [contact] })] })
    const [task] = ofKind(thought, 'create')
    expect(task?.fields['WhoId']?.to).toBe(contact.id)
    expect(task?.fields['WhatId']?.to).toBe(idOf('001', 1))
    expect(task?.fields['ActivityDate']?.to).toBe('2026-11-23')
  })

  it('a lead that is linked and routed already leaves nothing to do', async () => {
    const done = lead({ ...fromAcme, OwnerId: OWNERS[1]!.id, Matched_Account__c: idOf('001', 1) })
    const thought = await think({ lead: done, accounts: [account(1, acme)] })
    expect(verdictOf(thought)).toBe('nothing to do')
    expect(thought.lines.at(-1)).toContain('linked and routed already')
  })

  it('a lead that somebody linked to another account stays there', async () => {
    const thought = await think({
      lead: lead({ ...fromAcme, Matched_Account__c: idOf('001', 99) }),
      accounts: [account(1, acme)],
    })
    expect(verdictOf(thought)).toBe('nothing to do')
  })

  it('a lead that is converted or gone ends the run', async () => {
    expect(verdictOf(await think({ lead: lead({ ...fromAcme, IsConverted: true }), accounts: [] }))).toBe(
      'nothing to do',
    )
    expect(verdictOf(await think({ lead: null, accounts: [] }))).toBe('nothing to do')
  })

  it('a lead that two companies fit equally well is left to a person', async () => {
    const twins = [1, 2].map((n) =>
      account(n, {
        Name: `Bella ${n === 1 ? 'Boston' : 'Denver'}`,
        Website: 'bella.com',
        BillingCity: n === 1 ? 'Boston' : 'Denver',
        BillingCountry: 'US',
      }),
    )
    const thought = await think({ lead: lead({ Company: 'Bella', Email: 'x@bella.com' }), accounts: twins })
    expect(verdictOf(thought)).toBe('nothing to do')
    expect(thought.lines.at(-1)).toContain('fit equally well')
  })

  it('a lead with nothing to search for costs one call', async () => {
    const thought = await think({ lead: lead({ Company: '?', Email: 'x@gmail.com' }), accounts: [] })
    expect([verdictOf(thought), thought.calls]).toEqual(['nothing to do', 1])
  })

  it('is converted only where the mission’s policy says so', async () => {
    const definition = {
      ...flagship.definition,
      propose: { ...flagship.definition.propose, convert: { when: "lead.Status in ['Qualified']" } },
    }
    const org = { lead: lead({ ...fromAcme, Status: 'Open - Not Contacted' }), accounts: [account(1, acme)] }
    const converting = { ...mission, definition }
    expect(ofKind(await think(org, converting), 'convertLead')).toEqual([])
    const qualified = { ...org, lead: lead({ ...fromAcme, Status: 'Qualified' }) }
    expect(ofKind(await think(qualified), 'convertLead')).toEqual([])
    expect(ofKind(await think(qualified, converting), 'convertLead')).toMatchObject([
      { accountId: idOf('001', 1), convertedStatus: 'Closed - Converted', ownerId: OWNERS[1]!.id, opportunity: 'none' },
    ])
  })
})

describe('the sentence', () => {
  const long = 'The Very Long And Winding International Names Of Companies Limited Partnership'
  it('says short names in full', async () => {
    const { proposal } = await think(orgOf('franchise'))
    expect(render(proposal!.sentence, SEES_ALL)).toContain('Link Gina Conti to Pizza Bella - Seattle.')
  })

  it('cuts long names as far as 40 words take', async () => {
    const accounts = [1, 2, 3].map((n) => account(n, { ...acme, Name: long, ...(n === 1 ? { Fax: '1' } : {}) }))
    const { proposal } = await think({ lead: lead({ ...fromAcme, Company: long, Name: long }), accounts })
    const words = render(proposal!.sentence, SEES_ALL).split(/\s+/)
    expect(words.length).toBeLessThanOrEqual(40)
    expect(ofKind({ proposal } as Thought, 'merge')).toHaveLength(1)
  })
})

describe('text of records', () => {
  it('stays text: a hostile name is shown, cut to size, and searched as words only', async () => {
    const name = `Acme' OR Name != '" ${'<script>'.repeat(40)}`
    const thought = await think({
      lead: lead({ ...fromAcme, Company: name }),
      accounts: [account(1, { ...acme, Name: name })],
    })
    for (const line of thought.lines) expect(line.length).toBeLessThanOrEqual(90)
    const search = thought.asked.find(({ tool }) => tool === 'findDuplicates')?.input as { like: { words: string[] } }
    for (const word of search.like.words) expect(word).toMatch(/^[a-z0-9]+$/)
  })
})
