// What the phases propose for the lead itself, and the words they find for it.
import { describe, expect, it } from 'vitest'
import type { Template } from '../../../../server/brain/domain/mission.ts'
import { render } from '../../../../server/brain/domain/phrase.ts'
import { acme, fromAcme, ofKind, SEES_ALL, verdictOf } from './acme-cases.ts'
import { account, flagship, idOf, lead, mission, OWNERS, record, think, type Thought } from './fake-context.ts'
import { orgOf } from './stories.ts'

const CONVERT: Template = {
  kind: 'convert',
  record: 'lead',
  into: 'company.account',
  contact: 'contact',
  owner: 'territory.owner',
  when: "lead.Status in ['Qualified']",
  as: null,
}

describe('a lead', () => {
  it('is given to the owner of the account’s territory, with the rule cited', async () => {
    const thought = await think({ lead: lead(fromAcme), accounts: [account(1, acme)] })
    expect(ofKind(thought, 'changeOwner')).toMatchObject([
      { to: OWNERS[1]!.id, source: 'knowledge:territory-rules v1 §Territories row 2' },
    ])
    expect(thought.observations.flatMap(({ citations }) => citations ?? [])).toContain(
      'territory-rules v1 §Territories row 2',
    )
  })

  it('is counted by country, band, kinds of operations and filled fields, with none of its values', async () => {
    const found = await think({ lead: lead({ ...fromAcme, Country: 'USA' }), accounts: [account(1, acme)] })
    const mix = found.outcome.kind === 'wait' ? null : found.outcome.mix
    expect(mix).toMatchObject({
      country: 'US',
      band: found.proposal?.band,
      operations: 'changeOwner, create, update',
      'Lead.Company': 'filled',
    })
    const values = Object.values(mix ?? {})
    expect(values.filter((value) => value === 'filled').length).toBeGreaterThan(2)
    expect(values.filter((value) => value === 'empty').length).toBeGreaterThan(0)
    expect(JSON.stringify(mix)).not.toMatch(/acme/i)
  })

  it('for which no account fits is counted with no band and no operation', async () => {
    const { outcome } = await think({ lead: lead({ ...fromAcme, Country: 'Atlantis' }), accounts: [] })
    expect(outcome).toMatchObject({ kind: 'finish', mix: { country: 'unknown', band: 'none', operations: 'none' } })
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
    expect(thought.lines.at(-1)).toContain('nothing is left to change')
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
      propose: [...flagship.definition.propose, CONVERT],
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
    expect(render(proposal!.sentence, SEES_ALL)).toContain(
      'Set Matched_Account to Pizza Bella - Seattle of Gina Conti. Gina Conti goes to',
    )
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
