// Guarantee 11: what a text brings about needs a person, also where the value itself is the mission's own.
import { expect, it } from 'vitest'
import type { Template } from '../../../server/brain/domain/mission.ts'
import { partsOf } from '../../../server/brain/phases/templates/templates.ts'
import type { Drafting } from '../../../server/brain/phases/templates/part.ts'
import { setBy } from '../../../server/contract/operations/operation.ts'

const id = '00Q000000000001AAA'
const record = { object: 'Lead', id, values: { Id: id, Name: 'Ada', Status: 'Open', Description: 'we signed' } }
const update = (when: string | null): Template => ({
  kind: 'update',
  record: 'lead',
  when,
  as: 'moved',
  set: { Status: "'Won'" },
})
const task: Template = { kind: 'create', object: 'Task', when: 'proposed.moved', as: null, set: { Subject: "'Call'" } }

function sourcesOf(propose: Template[]): string[] {
  const lead = { Id: id, Name: 'Ada', Status: 'Open', Description: 'we signed' }
  const drafting = {
    mission: { definition: { propose, reason: [] } },
    answers: {},
    given: {
      steps: [],
      evidence: { records: { lead: [record] }, types: {}, labels: {}, users: [], at: '', convertedStatus: null },
      variables: { lead: { kind: 'one', members: ['Name', 'Status', 'Description'] } },
      values: { lead },
      sources: { lead: { '': `record:${id}`, Description: 'text:Lead.Description' } },
      setting: { today: '2026-11-30' },
    },
  } as unknown as Drafting
  return partsOf(drafting).flatMap(({ operations }) => operations.flatMap(setBy).map(({ source }) => source))
}

it('a value that no text has touched is the mission’s own', () => {
  expect(sourcesOf([update(null), task])).toEqual(['rule:as the mission says', 'rule:as the mission says'])
})

it('a value that is proposed because of a text is that text’s, and so is what builds on the proposal', () => {
  const text = 'text:Lead.Description'
  expect(sourcesOf([update("lead.Description.contains('signed')"), task])).toEqual([text, text])
})
