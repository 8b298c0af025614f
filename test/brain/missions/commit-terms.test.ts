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

describe('commit', () => {
  it('is part of the grant without what is computed for each change', () => {
    const commit = 'commit: { windows: ["Mon-Fri 18:00-06:00"], zone: Europe/Berlin, notBefore: today() + days(1) }'
    expect(grantFor(commit).commit).toEqual({ windows: ['Mon-Fri 18:00-06:00'], zone: 'Europe/Berlin' })
    expect(grantFor('commit: { notBefore: today() + days(1) }').commit).toBeUndefined()
  })

  it.each([
    ['{}', 'say when: windows, freeze or notBefore'],
    ['{ windows: ["Mon 18:00-19:00"] }', 'e.g. zone: Europe/Berlin'],
    ['{ windows: ["Montag 18-19"], zone: UTC }', 'e.g. Mon-Fri 18:00-06:00'],
    ['{ windows: ["Mon 18:00-18:00"], zone: UTC }', 'opens for no time'],
    ['{ freeze: ["2026-13-01/2027-01-01"], zone: UTC }', 'one of the days does not exist'],
    ['{ freeze: ["2026-12-28/2027-01-04"], zone: Berlin }', 'no time zone is called Berlin'],
    ['{ notBefore: lead.Website }', 'lead.Website is never read'],
  ])('%s is refused: %s', (commit, message) => {
    expect(issuesOf(`commit: ${commit}`)[0]).toContain(message)
  })
})

describe('a second stage of the gate', () => {
  const then = (text: string) => triage.source.replace('from: group:RevOps }', `from: group:RevOps, then: ${text} }`)
  it('is part of the grant', () => {
    const { gate } = parseMission(then('[{ needs: 1, from: group:Finance }]'), 'm.yaml', document)
    expect(gate[0]).toMatchObject({ then: [{ needs: 1, from: 'group:Finance' }] })
  })
  it.each(['[]', '[{ needs: 0, from: group:Finance }]', '[{ needs: 1, from: Finance }]'])('is not %s', (text) => {
    expect(() => parseMission(then(text), 'm.yaml', document)).toThrow(InvalidInput)
  })
})

describe('rollout', () => {
  it.each(['5%', '0%', '100%', '2.5%'])('takes %s', (share) => {
    expect(parsed(`rollout: { share: ${share} }`).rollout).toEqual({ share })
  })
  it.each(['5', '101%', '0.05', 'half'])('does not take %s', (share) => {
    expect(issuesOf(`rollout: { share: ${share} }`)).not.toEqual([])
  })
})
