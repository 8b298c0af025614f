import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DecisionView, RunView } from '../../server/contract/http.ts'
import { startStack, type Stack } from '../support/stack.ts'
import { cameOutOtherwise, openDecision, runThatIs } from '../support/story.ts'
import { createTwins, createTwinsLead } from '../support/twins.ts'
import { until } from '../support/until.ts'
import type { Person } from '../support/person.ts'

interface Rationale {
  runId: string
  verdict: string
  undoes: { decisionId: string; reason: string } | null
  undone: { runId: string; askedBy: string; approvedBy: string[]; reason: string; stayed: string[] } | null
}

describe('undo, through the front door', () => {
  let stack: Stack
  let admin: Person
  let second: Person
  beforeAll(async () => {
    stack = await startStack()
    admin = await stack.as('admin')
    second = await stack.as('second')
  })
  afterAll(async () => stack?.[Symbol.asyncDispose]())

  const ask = (person: Person, decisionId: string, reason: string, key: string) =>
    person.send(`/decisions/${decisionId}/undo`, { reason }, { headers: { 'idempotency-key': key } })
  const runOf = (id: string, statuses: RunView['status'][]) =>
    until(
      `run ${id} that is ${statuses.join(' or ')}`,
      async () => {
        const run = await admin.get<RunView>(`/runs/${id}`)
        return statuses.includes(run.status) && run
      },
      20_000,
    )
  const rationale = async (recordId: string) =>
    (await admin.get<{ items: Rationale[] }>(`/records/${recordId}/rationale`)).items

  it('puts back a verified merge as far as it can, leaves what a person changed since, and says what stays', async () => {
    const { kept, merged } = await createTwins(admin, 'Quillon Freight', {
      merged: { Fax: '+1 415 555 0199', Industry: 'Transportation', Site: 'Dock 4' },
    })
    const deal = { StageName: 'Prospecting', CloseDate: '2027-03-01', AccountId: merged }
    const order = await admin.create('Opportunity', { ...deal, Name: 'Quillon order' })
    const contact = await admin.create('Contact', { LastName: 'Marlow', AccountId: merged })
    const other = await admin.create('Contact', { LastName: 'Vance', AccountId: merged })
    const call = await admin.create('Task', { Subject: 'Call', WhatId: merged })
    const leadId = await createTwinsLead(admin, 'Quillon Freight')
    const decision = await openDecision(admin, leadId)
    expect(decision.undo).toMatchObject({ class: 'partial', possible: false, runId: null })
    expect((await ask(second, decision.id, 'too early', 'undo-too-early')).status).toBe(409)
    expect((await admin.approve(decision)).status).toBe(200)
    const first = await runThatIs(admin, leadId, ['done', 'failed'])
    expect(first.verdict).toBe('verified')

    await admin.update('Account', kept, { Fax: '+1 415 555 0111' })
    const third = await admin.create('Account', { Name: 'Vance Logistics' })
    await admin.update('Contact', other, { AccountId: third })
    expect((await admin.decision(decision.id)).undo).toMatchObject({ possible: true, why: null })
    const started = await ask(second, decision.id, 'They are two companies after all', 'undo-quillon-1')
    expect(started.status).toBe(201)
    const { runId } = (await started.json()) as { runId: string }
    const again = await ask(second, decision.id, 'They are two companies after all', 'undo-quillon-1')
    expect(await again.json()).toEqual({ runId })
    expect((await ask(admin, decision.id, 'Me too', 'undo-quillon-2')).status).toBe(409)

    const waiting = await runOf(runId, ['waiting', 'done', 'failed'])
    const said = (await admin.observations(runId)).map(({ text }) => text)
    expect(waiting.status, said.join('\n')).toBe('waiting')
    expect(said).toContainEqual(
      expect.stringMatching(/^Account Fax of Quillon Freight Inc was changed since, so it stays$/),
    )
    expect(said).toContainEqual(expect.stringMatching(/Account of Vance was changed since, so it stays$/))
    const undo = await admin.decision(waiting.decisionId!)
    expect(undo.undoes).toEqual({
      decisionId: decision.id,
      runId: first.id,
      reason: 'They are two companies after all',
    })
    expect(undo.sentence.split(' ').length).toBeLessThanOrEqual(40)
    expect(valuesOf(undo, kept)).toMatchObject({ Industry: null, Site: null })
    expect(valuesOf(undo, kept)).not.toHaveProperty('Fax')
    expect(undo.changeSet.operations.filter(({ kind }) => kind !== 'update' && kind !== 'changeOwner')).toEqual([
      { kind: 'undelete', object: 'Account', id: merged, mergedInto: kept },
    ])
    expect(undo.plan.map(({ kind }) => kind)).toEqual(['composite', 'owners', 'undelete', 'reattach'])

    expect((await (await stack.as('second')).decision(undo.id)).you.canApprove).toBe(false)
    expect((await second.approve(undo)).status).toBe(403)
    expect((await admin.approve(undo)).status).toBe(200)
    const undone = await runOf(runId, ['done', 'failed'])
    expect([undone.status, undone.verdict, undone.differences.filter(({ expected }) => !expected)]).toEqual([
      'done',
      'verified',
      [],
    ])
    expect(undone.apiCalls).toBeLessThanOrEqual(16)

    const [account] = await admin.query(`SELECT Id, Fax, Industry, Site FROM Account WHERE Id = '${kept}'`)
    expect(account).toMatchObject({ Fax: '+1 415 555 0111', Industry: null, Site: null })
    const [revived] = await admin.query(`SELECT Id, MasterRecordId, Fax, Site FROM Account WHERE Id = '${merged}'`)
    expect(revived).toMatchObject({ MasterRecordId: null, Fax: '+1 415 555 0199', Site: 'Dock 4' })
    const lookup = async (object: string, field: string, id: string) =>
      (await admin.query(`SELECT ${field} FROM ${object} WHERE Id = '${id}'`))[0]?.[field]
    expect(await lookup('Opportunity', 'AccountId', order)).toBe(merged)
    expect(await lookup('Contact', 'AccountId', contact)).toBe(merged)
    expect(await lookup('Contact', 'AccountId', other)).toBe(third)
    expect(await lookup('Task', 'WhatId', call)).toBe(merged)
    const [lead] = await admin.query(`SELECT Id, Matched_Account__c FROM Lead WHERE Id = '${leadId}'`)
    expect(lead?.Matched_Account__c).toBeNull()
    expect((await admin.get<RunView>(`/runs/${first.id}`)).verdict).toBe('undone')
    expect((await ask(second, decision.id, 'Once more', 'undo-quillon-3')).status).toBe(409)

    for (const recordId of [kept, merged]) {
      const items = await rationale(recordId)
      const change = items.find((item) => item.runId === first.id)
      expect(change).toMatchObject({
        verdict: 'undone',
        undone: { runId, reason: 'They are two companies after all', approvedBy: [expect.any(String)] },
      })
      expect(change?.undone?.askedBy).not.toMatch(/^005/)
      expect(change?.undone?.stayed.join('\n')).toMatch(/Fax/)
    }
    const back = (await rationale(kept)).find((item) => item.runId === runId)
    expect(back).toMatchObject({ verdict: 'verified', undoes: { decisionId: decision.id } })

    const twice = await ask(second, undo.id, 'It was right the first time', 'undo-quillon-4')
    const redo = await runOf(((await twice.json()) as { runId: string }).runId, ['waiting', 'done', 'failed'])
    expect((await admin.approve(await admin.decision(redo.decisionId!))).status).toBe(200)
    expect((await runOf(redo.id, ['done', 'failed'])).verdict).toBe('verified')
    const [redone] = await admin.query(`SELECT Id, Fax, Industry, Site FROM Account WHERE Id = '${kept}'`)
    expect(redone).toMatchObject({ Fax: '+1 415 555 0111', Industry: 'Transportation', Site: 'Dock 4' })
    expect((await admin.get<RunView>(`/runs/${runId}`)).verdict).toBe('undone')
    expect((await admin.get<RunView>(`/runs/${first.id}`)).verdict).toBe('verified')
    expect(await cameOutOtherwise(admin)).toEqual([])
  })
})

function valuesOf({ changeSet }: DecisionView, id: string): Record<string, unknown> {
  return Object.fromEntries(
    changeSet.operations.flatMap((op) =>
      op.kind === 'update' && 'fields' in op && op.id === id
        ? Object.entries(op.fields).map(([field, { to }]) => [field, to])
        : [],
    ),
  )
}
