import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Options } from '../../server/practice/options.ts'
import type { RunView } from '../../server/contract/http.ts'
import type { Operation } from '../../server/contract/operations/operation.ts'
import { cameOutOtherwise, openDecision, runThatIs, story, tellStory } from '../support/story.ts'
import { startStack, type Stack } from '../support/stack.ts'
import type { Person } from '../support/person.ts'

type Merge = Extract<Operation, { kind: 'merge' }>

const ofKind = <K extends Operation['kind']>(operations: readonly { kind: string }[], kind: K) =>
  operations.filter((operation): operation is Extract<Operation, { kind: K }> => operation.kind === kind)

/** The main job through the front door: a lead arrives, a duplicate account is reconciled. Told on every stack. */
export function reconcileStories(where: string, options: () => Promise<Partial<Options>>): void {
  describe(`a lead arrives (${where})`, () => {
    let stack: Stack
    let admin: Person
    beforeAll(async () => {
      stack = await startStack(await options())
      admin = await stack.as('admin')
    })
    afterAll(async () => stack?.[Symbol.asyncDispose]())

    const accountsOf = async (name: string) => {
      const names = story(name).accounts.map(({ fields }) => `'${String(fields.Name)}'`)
      return admin.query(`SELECT Id, Name FROM Account WHERE Name IN (${names.join(',')}) ORDER BY CreatedDate`)
    }

    /** Kinds of the operations a run proposes; null when it proposes none. */
    const proposedKinds = async ({ decisionId }: RunView) =>
      decisionId && (await admin.decision(decisionId)).changeSet.operations.map(({ kind }) => kind)

    it('leads to one exact proposal, and once approved is written, read back and verified', async () => {
      const accounts = await accountsOf('two-accounts-one-company')
      const callsBefore = await stack.calls()
      const leadId = await tellStory(stack, 'two-accounts-one-company')
      const decision = await openDecision(admin, leadId)

      const [merge] = ofKind(decision.changeSet.operations, 'merge') as [Merge]
      expect([merge.survivor, ...merge.losers].sort()).toEqual(accounts.map(({ Id }) => Id).sort())
      for (const change of Object.values(merge.fields))
        expect(change.source).toMatch(/^(record:|rule:|knowledge:|computed:)/)
      expect(decision.moves.map(({ object }) => object)).toEqual(expect.arrayContaining(['Contact', 'Opportunity']))
      expect(decision.lost.length).toBeGreaterThan(0)
      expect(decision.plan.length).toBeGreaterThanOrEqual(2)
      expect(decision.undo.class).toBe('partial')
      expect(decision.rosters.flatMap(({ users }) => users).length).toBeGreaterThan(0)
      expect(decision.sentence.split(' ').length).toBeLessThanOrEqual(40)
      const observations = await admin.observations(decision.runId)
      expect(observations.map(({ kind }) => kind)).toEqual(
        expect.arrayContaining(['read', 'noticed', 'concluded', 'proposed']),
      )
      for (const { text } of observations) expect(text.length).toBeLessThanOrEqual(90)

      expect((await admin.approve(decision)).status).toBe(200)
      const run = await runThatIs(admin, leadId, ['done', 'failed'])
      expect([run.status, run.verdict, run.differences.filter(({ expected }) => !expected)]).toEqual([
        'done',
        'verified',
        [],
      ])

      const [loser] = merge.losers
      const [gone] = await admin.query(`SELECT Id, IsDeleted, MasterRecordId FROM Account WHERE Id = '${loser}'`, true)
      expect(gone).toMatchObject({ IsDeleted: true, MasterRecordId: merge.survivor })
      expect(await admin.query(`SELECT Id FROM Contact WHERE AccountId = '${loser}'`)).toEqual([])
      expect((await admin.query(`SELECT Id FROM Opportunity WHERE AccountId = '${merge.survivor}'`)).length).toBe(3)
      const [lead] = await admin.query(`SELECT Id, Matched_Account__c FROM Lead WHERE Id = '${leadId}'`)
      expect(lead).toMatchObject({ Matched_Account__c: merge.survivor })
      const survivorFields = Object.keys(merge.fields)
      const [survivor] = await admin.query(
        `SELECT Id, ${survivorFields.join(', ')} FROM Account WHERE Id = '${merge.survivor}'`,
      )
      for (const field of survivorFields) expect(String(survivor![field])).toBe(String(merge.fields[field]!.to))
      const receipts = await admin.query(
        `SELECT Key__c, Anchor__c FROM Mission_Receipt__c WHERE Decision__c = '${decision.id}'`,
      )
      expect(receipts.map(({ Key__c }) => Key__c)).toEqual([`${decision.digest}/1`])
      expect(receipts[0]?.Anchor__c).toMatch(/^[0-9a-f]{64}$/)

      expect(run.apiCalls).toBeLessThanOrEqual(12)
      const callsAfter = await stack.calls()
      expect((callsAfter.missions ?? 0) - (callsBefore.missions ?? 0)).toBeGreaterThanOrEqual(run.apiCalls)
    })

    it('links and routes a lead that matches one account, naming the contact with its e-mail', async () => {
      const [account] = await accountsOf('one-account-known-contact')
      const leadId = await tellStory(stack, 'one-account-known-contact')
      const decision = await openDecision(admin, leadId)
      const { operations } = decision.changeSet
      expect(ofKind(operations, 'merge')).toEqual([])
      expect(ofKind(operations, 'update')[0]?.fields.Matched_Account__c?.to).toBe(account!.Id)
      const [contact] = await admin.query("SELECT Id FROM Contact WHERE Email = 'marta.silva@halcyon.example'")
      expect(JSON.stringify(operations)).toContain(contact!.Id)
    })

    it('changes nothing when the decision is rejected', async () => {
      const leadId = await tellStory(stack, 'one-account-known-contact', { LastName: 'Again' })
      const decision = await openDecision(admin, leadId)
      const written = (await stack.transactions()).filter(
        ({ client, committed }) => committed && client.startsWith('missions'),
      ).length
      expect((await admin.reject(decision, 'not-the-same')).status).toBe(200)
      const run = await runThatIs(admin, leadId, ['done'])
      expect(run.verdict).toBe('rejected')
      expect(
        (await stack.transactions()).filter(({ client, committed }) => committed && client.startsWith('missions'))
          .length,
      ).toBe(written)
    })

    it('ends with nothing to do when no account resembles the lead', async () => {
      const leadId = await tellStory(stack, 'unknown-company')
      const run = await runThatIs(admin, leadId, ['done', 'waiting', 'failed'])
      expect([run.status, run.verdict]).toEqual(['done', 'nothing to do'])
    })

    it.each([
      ['parent-and-subsidiary', ['update', 'changeOwner', 'create']],
      ['franchise', ['update', 'changeOwner', 'create']],
      ['shared-reseller-domain', null],
      ['same-name-other-country', ['update', 'changeOwner', 'create']],
    ])('does not take %s for duplicates, and says why', async (name, kinds) => {
      const leadId = await tellStory(stack, name)
      const run = await runThatIs(admin, leadId, ['done', 'waiting', 'failed'])
      expect(await proposedKinds(run)).toEqual(kinds)
      const texts = (await admin.observations(run.id)).map(({ text }) => text)
      expect(texts.some((text) => /not (a )?duplicate|not one company|not the same/i.test(text))).toBe(true)
    })

    it('merges accounts that share a related contact only with the visible extra operation it takes', async () => {
      const leadId = await tellStory(stack, 'contact-on-both-accounts')
      const decision = await openDecision(admin, leadId)
      const [merge] = ofKind(decision.changeSet.operations, 'merge') as [Merge]
      const [removed, ...others] = ofKind(decision.changeSet.operations, 'delete')
      const relation = `SELECT Id, AccountId, IsDirect, Contact.Email FROM AccountContactRelation WHERE Id = '${removed?.id}'`
      const [found] = await admin.query(relation)
      expect([removed?.object, others]).toEqual(['AccountContactRelation', []])
      expect([merge.survivor, ...merge.losers]).toContain(found?.AccountId)
      expect(found).toMatchObject({ IsDirect: false, Contact: { Email: 'jonas.lee@tannhauser.example' } })
      expect((await admin.approve(decision)).status).toBe(200)
      const done = await runThatIs(admin, leadId, ['done', 'failed'])
      expect([done.status, done.verdict]).toEqual(['done', 'verified'])
      const [gone] = await admin.query(`SELECT Id, MasterRecordId FROM Account WHERE Id = '${merge.losers[0]}'`, true)
      expect(gone?.MasterRecordId).toBe(merge.survivor)
      expect(await admin.query(relation)).toEqual([])
    })

    it.each(['person-account', 'legal-hold'])('refuses %s in a plain sentence', async (name) => {
      const leadId = await tellStory(stack, name)
      const run = await runThatIs(admin, leadId, ['done', 'waiting', 'failed'])
      expect(await proposedKinds(run)).toEqual(['update', 'changeOwner', 'create'])
      const texts = (await admin.observations(run.id)).map(({ text }) => text)
      expect(texts.join('\n')).toMatch(name === 'legal-hold' ? /legal hold/i : /person/i)
    })

    it('finds accounts created seconds before, while search still lags', async () => {
      await stack.faults({ searchLagSeconds: 900 })
      const company = {
        Name: 'Saffron Robotics Ltd',
        Website: 'https://www.saffronrobotics.example',
        Phone: '+44 113 496 0777',
        BillingCity: 'Leeds',
        BillingCountry: 'United Kingdom',
      }
      const accountId = await admin.create('Account', company)
      const leadId = await admin.create('Lead', {
        Company: 'Saffron Robotics',
        LastName: 'Khan',
        Email: 'a.khan@saffronrobotics.example',
        Website: 'saffronrobotics.example',
        Country: 'United Kingdom',
        Status: 'Open - Not Contacted',
      })
      const decision = await openDecision(admin, leadId)
      expect(JSON.stringify(decision.changeSet.operations)).toContain(accountId)
      await stack.faults({ searchLagSeconds: 0 })
    })

    it('comes out the same when every run is computed again from its record', async () => {
      expect(await cameOutOtherwise(admin)).toEqual([])
    })
  })
}
