import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { InvalidInput } from '../../../server/brain/domain/errors.ts'
import { loadCatalog } from '../../../server/brain/missions/catalog.ts'
import { missionJsonSchema } from '../../../server/brain/missions/definition-file.ts'
import { parseMission } from '../../../server/brain/missions/definition.ts'
import type { MissionDefinition } from '../../../server/brain/domain/mission.ts'
import { grantOf } from '../../../server/brain/missions/grant.ts'
import { grantHash, Grant } from '../../../server/contract/grant.ts'
import { parseDocument } from '../../../server/brain/knowledge/document.ts'
import { catalog, flagship } from '../questions/same-entity/fake-context.ts'

const document = (name: string) => {
  const found = catalog.knowledge.find((each) => each.name === name)
  return found ? parseDocument(found.source) : null
}

function issuesOf(change: (source: string) => string): string[] {
  try {
    parseMission(change(flagship.source), 'm.yaml', document)
    return []
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error
    return error.issues.map(({ path, message }) => `${path} ${message}`)
  }
}

const lineOf = (text: string) => flagship.source.split('\n').findIndex((line) => line.includes(text)) + 1
const replace = (from: string, to: string) => (source: string) => {
  expect(source).toContain(from)
  return source.replace(from, to)
}

describe('the catalogue', () => {
  it('ships eight missions, and no knowledge that none of them uses', async () => {
    const { missions, knowledge } = await loadCatalog()
    expect(missions.map(({ name }) => name)).toContain('duplicate-account-reconciliation')
    expect(missions).toHaveLength(8)
    const used = new Set(missions.flatMap(({ definition }) => definition.knowledge))
    expect(knowledge.map(({ name }) => name)).toEqual([...used].sort())
  })

  it('publishes the schema that mission files are parsed with', () => {
    const published = readFileSync(new URL('../../../docs/schemas/mission.schema.json', import.meta.url), 'utf8')
    expect(JSON.parse(published)).toEqual(JSON.parse(JSON.stringify(missionJsonSchema())))
  })
})

describe('a limit of cost', () => {
  const withCost = (cost: string) => replace('tokens: 50000 }', `tokens: 50000, cost: ${cost} }`)(flagship.source)
  it.each([
    ['0.50', '0.5'],
    ['"0.50"', '0.50'],
    ['"0.000125"', '0.000125'],
    ['2', '2'],
  ])('%s is kept as the decimal %s', (written, kept) => {
    expect(parseMission(withCost(written), 'm.yaml', document).limits.cost).toBe(kept)
  })
  it.each(['"1,50"', '-1', '"1 EUR"', '0.0000001', '""'])('is not %s', (written) => {
    expect(() => parseMission(withCost(written), 'm.yaml', document)).toThrow(InvalidInput)
  })
})

describe('a mission file with a mistake', () => {
  it.each([
    [
      'an unknown key',
      replace('title: Reconcile', 'titel: x\ntitle: Reconcile'),
      `m.yaml:${lineOf('title: Reconcile')}:1`,
      'titel',
    ],
    [
      'YAML that does not parse',
      replace('knowledge: [account-merge-policy', 'knowledge: [[account-merge-policy'),
      'm.yaml:',
      '',
    ],
    ['a key twice', replace('mission: duplicate', 'title: x\nmission: duplicate'), 'm.yaml:', 'twice'],
    [
      'a gate that is no expression',
      replace('when: record.legalHold,', 'when: record.legalHold ==,'),
      `m.yaml:${lineOf('record.legalHold')}:`,
      'Unexpected',
    ],
    [
      'a gate over something that is not there',
      replace('record.legalHold', 'record.legalHould'),
      `m.yaml:${lineOf('record.legalHold')}:`,
      'legalHould',
    ],
    [
      'a gate that is a number',
      replace('when: record.legalHold', 'when: 1 + 1'),
      `m.yaml:${lineOf('record.legalHold')}:`,
      'true or false',
    ],
    [
      'a gate that can never match',
      replace("['OwnerId', 'Amount', 'StageName']", "['NoSuchField']"),
      `m.yaml:${lineOf('change.field in')}:`,
      'never match',
    ],
    [
      'a gate with a pattern of unbounded time',
      replace('record.legalHold', `"change.field.matches('(a+)+b')"`),
      `m.yaml:${lineOf('record.legalHold')}:`,
      'matches is not offered',
    ],
    [
      'a fact that nothing names',
      replace('record.legalHold', 'record.frozen'),
      `m.yaml:${lineOf('record.legalHold')}:`,
      'record.frozen is no fact',
    ],
    [
      'a fact that is never read',
      replace('legalHold: Account.Legal_Hold__c', 'legalHold: Account.Litigation__c'),
      `m.yaml:${lineOf('legalHold: Account.Legal_Hold__c')}:`,
      'never read',
    ],
    [
      'an amount that nothing reads',
      replace('fields: [Name, StageName, Amount, IsClosed, IsWon, OwnerId]', 'fields: [Name, StageName, OwnerId]'),
      `m.yaml:${lineOf('merge.movesAmount')}:`,
      'merge.movesAmount rests on Opportunity.Amount',
    ],
    [
      'a field of the lead that is never read',
      replace('record.legalHold', "lead.Rating == 'Hot'"),
      `m.yaml:${lineOf('record.legalHold')}:`,
      'lead.Rating is never read',
    ],
    [
      'a number of people from nowhere',
      replace('needs: 2, from: group:RevOps', 'needs: 2'),
      'm.yaml:',
      'from: group:RevOps',
    ],
    [
      'two lines for everything else',
      replace(
        '  - { otherwise: true, needs: 1, from: permission:Decide_Missions }',
        '  - { otherwise: true, needs: 1, from: group:A }\n  - { otherwise: true, needs: 1, from: group:B }',
      ),
      'm.yaml:',
      'one line',
    ],
    [
      'no otherwise',
      replace('  - { otherwise: true, needs: 1, from: permission:Decide_Missions }', ''),
      'm.yaml:',
      'otherwise',
    ],
    ['no person asked', replace('needs: 2', 'needs: 0'), `m.yaml:${lineOf('needs: 2')}:`, ''],
    [
      'a proposal for a field it does not read',
      replace('        Matched_Account__c: company.account', '        Rating: company.account'),
      `m.yaml:${lineOf('Matched_Account__c: company.account')}:`,
      'never read',
    ],
    [
      'a policy that is not among its knowledge',
      replace('policy: account-merge-policy', 'policy: other-policy'),
      `m.yaml:${lineOf('company:')}:`,
      'knowledge',
    ],
    [
      'records of a step that is not there',
      replace('to: lead', 'to: account'),
      `m.yaml:${lineOf('to: lead')}:`,
      'account',
    ],
    [
      'a question about a step that does not match',
      replace('of: candidates\n    to: lead', 'of: lead\n    to: lead'),
      `m.yaml:${lineOf('question: same-entity') + 1}:`,
      '“lead” is not a step that matches',
    ],
    [
      'a question that there is none of',
      replace('question: same-entity', 'question: same-person'),
      `m.yaml:${lineOf('question: same-entity')}:`,
      '',
    ],
    [
      'a table that is not there',
      replace('territory-rules §Territories', 'territory-rules §Regions'),
      `m.yaml:${lineOf('§Territories')}:`,
      'there is no table under the heading “Regions”',
    ],
    [
      'an input for a column that is not there',
      replace('      States: >-', '      Provinces: >-'),
      `m.yaml:${lineOf('States: >-')}:`,
      'has no column “Provinces”',
    ],
    [
      'a value that names what is not there',
      replace('OwnerId: territory.owner', 'OwnerId: territory.boss'),
      `m.yaml:${lineOf('OwnerId: territory.owner')}:`,
      'territory.boss is never read',
    ],
    [
      'a value that names a later answer',
      replace('first(contact, lead)', 'first(kontakt, lead)'),
      `m.yaml:${lineOf('first(contact, lead)')}:`,
      'kontakt is not known here',
    ],
    [
      'a condition that is no condition',
      replace('when: proposed.routed', `when: "'a' + lead.Name"`),
      `m.yaml:${lineOf('when: proposed.routed')}:`,
      'this must be true or false',
    ],
    [
      'a name that is taken',
      replace('  contact: >-', '  lead: >-'),
      `m.yaml:${lineOf('contact: >-')}:`,
      '“lead” is the name of something above',
    ],
    [
      'a step that undo could not move back',
      replace('putBack: [contacts,', 'putBack: [contact,'),
      `m.yaml:${lineOf('putBack')}:`,
      '“contact” is not a step with children',
    ],
    [
      'an id of a step that is read later',
      replace('id: trigger.recordId', 'id: candidates.Id'),
      `m.yaml:${lineOf('id: trigger.recordId')}:`,
      'candidates is not known here',
    ],
    [
      'an alias that could blow up',
      replace('title: Reconcile duplicate accounts', 'title: &t x\ndescription: *t'),
      'm.yaml:',
      '',
    ],
  ])('because of %s is refused with its place', (_title, change, place, words) => {
    const issues = issuesOf(change)
    expect(issues.length).toBeGreaterThan(0)
    expect(
      issues.some((issue) => issue.startsWith(place) && issue.includes(words)),
      issues.join('\n'),
    ).toBe(true)
  })
})

describe('a grant', () => {
  const pins = { 'account-merge-policy': { version: 1, hash: 'a'.repeat(64) } }
  const granted = (definition: MissionDefinition) =>
    grantOf({ definition, source: flagship.source, usersNamed: true }, 1, pins)
  const grant = granted(flagship.definition)

  it('names what the mission reads and proposes, and nothing else', () => {
    const moving = ['Asset', 'Case', 'Contact', 'Event', 'Opportunity']
    expect(Object.keys(grant.writes).sort()).toEqual(
      ['Account', 'AccountContactRelation', 'Lead', 'Task', ...moving].sort(),
    )
    expect(grant.writes['Contact']).toEqual({ kinds: ['update'], fields: ['AccountId'] })
    expect(grant.writes['Lead']).toEqual({
      kinds: ['changeOwner', 'update'],
      fields: ['Matched_Account__c', 'OwnerId'],
    })
    expect(grant.writes['Account']?.kinds).toEqual(['merge', 'update'])
    expect(grant.writes['Account']?.fields).not.toContain('OwnerId')
    expect(grant.reads['User']).toEqual(['IsActive', 'Username'])
    expect(grant.reads['Opportunity']).not.toContain('Description')
    expect(Grant.parse(grant)).toEqual(grant)
  })

  it('carries every gate line with its condition, the facts by name and the hashes of what it runs on', () => {
    expect(grant.gate).toEqual(flagship.definition.gate)
    expect(grant.gate[0]).toEqual({ when: 'record.legalHold', block: 'Legal hold' })
    expect(grant.facts).toEqual({ legalHold: 'Account.Legal_Hold__c' })
    expect(grant.knowledge).toEqual(pins)
  })

  it('names what may be touched in an order of its own', () => {
    const reversed = { ...flagship.definition, read: [...flagship.definition.read].reverse() }
    const { definition: _hashes, ...touched } = granted(reversed)
    expect(grant).toMatchObject(touched)
    expect(Object.keys(touched.reads)).toEqual(Object.keys(grant.reads))
  })

  it('changes with everything it allows', () => {
    const propose = flagship.definition.propose.map((template) =>
      template.kind === 'merge' ? { ...template, remove: ['Account'] } : template,
    )
    const wider = { ...flagship.definition, propose }
    expect(grantHash(granted(wider))).not.toBe(grantHash(grant))
  })
})
