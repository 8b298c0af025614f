// What a mission file says about the write: assertions, stages of a gate, windows. Wrong ones are refused with their line.
import { describe, expect, it } from 'vitest'
import { InvalidInput } from '../../../server/brain/domain/errors.ts'
import { parseMission } from '../../../server/brain/missions/definition.ts'
import { grantOf } from '../../../server/brain/missions/grant.ts'
import { catalog } from '../questions/same-entity/fake-context.ts'
import { parseDocument } from '../../../server/brain/knowledge/document.ts'

const triage = catalog.missions.find(({ name }) => name === 'lead-triage')!
const document = (name: string) => {
  const found = catalog.knowledge.find((each) => each.name === name)
  return found ? parseDocument(found.source) : null
}
const parsed = (more: string) => parseMission(`${triage.source}\n${more}\n`, 'm.yaml', document)
const grantFor = (more: string) => grantOf({ definition: parsed(more), source: '', usersNamed: false }, 1, {})

function issuesOf(more: string): string[] {
  try {
    parsed(more)
    return []
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error
    return error.issues.map(({ message }) => message)
  }
}

describe('assert', () => {
  it('is part of the grant, with the object of each step', () => {
    expect(grantFor('assert: ["lead.IsConverted == false"]').assertions).toEqual([
      { holds: 'lead.IsConverted == false', over: { lead: { object: 'Lead', sole: true } } },
    ])
    expect(grantFor('').assertions).toBeUndefined()
  })

  it.each([
    ['lead.Website != null', 'lead.Website is never read'],
    ['fit.rating == "Hot"', 'fit is not a step with one record, which is read again before the write; lead'],
    ['lead.Owner.Name == "Ada"', 'lead.Owner.Name is of another record: read that as a step'],
    ['text(lead.Name)', 'this must be true or false, and is'],
    ['lead == null', 'say which field of lead, e.g. lead.Status'],
    ['1 == 1', 'it names no record'],
    ['country(lead.Country) == "US"', 'found no matching overload'],
    ['lead.Name ==', ''],
  ])('%s is refused: %s', (holds, message) => {
    expect(issuesOf(`assert: ['${holds}']`)[0]).toContain(message)
  })
})
