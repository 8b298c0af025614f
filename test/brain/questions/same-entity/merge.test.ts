// What the phases propose where one company has several accounts.
import { describe, expect, it } from 'vitest'
import { Operation } from '../../../../server/contract/operations/operation.ts'
import { render, restsOn } from '../../../../server/brain/domain/phrase.ts'
import { acme, fromAcme, ofKind } from './acme-cases.ts'
import { account, idOf, lead, record, think, type Thought } from './fake-context.ts'
import { orgOf, STORIES } from './stories.ts'

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
