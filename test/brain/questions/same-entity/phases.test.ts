import { describe, expect, it } from 'vitest'
import { canonical } from '../../../../server/contract/values/canonical.ts'
import { render, type Phrase } from '../../../../server/brain/domain/phrase.ts'
import { SEES_ALL, verdictOf } from './acme-cases.ts'
import { think } from './fake-context.ts'
import { orgOf, STORIES } from './stories.ts'

const WITHOUT_PROPOSAL = ['shared-reseller-domain', 'unknown-company']

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
