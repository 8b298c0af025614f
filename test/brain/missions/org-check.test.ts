// A sound mission beside an org that lacks what it names: each finding with its place in the file.
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import type { DescribedGrant } from '../../../server/contract/described-grant.ts'
import { checkAgainstOrg } from '../../../server/brain/missions/check-org.ts'
import { draftOf } from '../../../server/brain/missions/draft.ts'
import type { Salesforce } from '../../../server/brain/ports/salesforce.ts'

const text = (file: string) => readFileSync(new URL(`./broken/${file}`, import.meta.url), 'utf8')
const RULES = text('sound.md')
const SOURCE = text('sound.yaml').replace(
  'gate:',
  `  - create:
      object: Task
      when: proposed.marked
      set: { Subject: "'Call'", Priority: "'Hihg'", Status: "left.department == 'Left' ? 'Done' : 'Not Started'" }
gate:`,
)

type Field = NonNullable<DescribedGrant['objects'][number]['found']>['fields'][number]
const field = (name: string, more: Partial<Field> = {}): Field => ({
  name,
  type: 'string',
  createable: true,
  updateable: true,
  calculated: false,
  referenceTo: [],
  values: null,
  ...more,
})
const object = (name: string, fields: Field[]) => ({
  object: name,
  found: { names: fields.map((each) => each.name), fields, children: [] },
})

const COMPLETE: DescribedGrant = {
  objects: [
    object('Account', [field('Id'), field('Name'), field('OwnerId')]),
    object('Contact', [
      ...['Id', 'Name', 'Title', 'Department', 'OwnerId'].map((name) => field(name)),
      field('AccountId', { referenceTo: ['Account'] }),
    ]),
    object('Task', [
      field('Subject'),
      field('Priority', { values: ['High', 'Normal', 'Hihg'] }),
      field('Status', { values: ['Done', 'Not Started'] }),
    ]),
  ],
  rosters: [
    { from: 'group:RevOps', people: 1 },
    { from: 'permission:Decide_Missions', people: 4 },
  ],
}

async function findingsIn(change: (org: DescribedGrant) => void, source = SOURCE): Promise<string[]> {
  const described = structuredClone(COMPLETE)
  change(described)
  const none = { mission: () => Promise.resolve(null), knowledge: () => Promise.resolve(null) }
  const draft = await draftOf(none, { source, knowledge: { rules: RULES } })
  if ('findings' in draft) throw new Error(JSON.stringify(draft.findings))
  const call = (() => Promise.resolve({ ...described, calls: 1 })) as unknown as Salesforce['call']
  const found = await checkAgainstOrg({ salesforce: { call } }, draft, { file: 'm.yaml', userId: 'u' })
  return found.map(({ path, message }) => `${path} ${message}`)
}

const fieldsOf = (org: DescribedGrant, name: string) => org.objects.find((each) => each.object === name)?.found
const change = (org: DescribedGrant, name: string, of: string, more: Partial<Field>) =>
  Object.assign(fieldsOf(org, name)?.fields.find((each) => each.name === of) ?? {}, more)

it('finds nothing where the org has everything', async () => {
  expect(await findingsIn(() => undefined)).toEqual([])
})

it.each<[string, (org: DescribedGrant) => void, string[]]>([
  [
    'an object',
    (org) => void Object.assign(org.objects[0] ?? {}, { found: null }),
    ['m.yaml:11:14 the org has no Account, or the reading user does not see it: grant that user the object'],
  ],
  [
    'a field, with the one that was meant',
    (org) => {
      const found = fieldsOf(org, 'Contact')
      if (!found) return
      found.names = ['Id', 'Name', 'Titel', 'Department', 'OwnerId', 'AccountId']
    },
    ['m.yaml:10:20 the org has no Contact.Title, or the reading user does not see it: did you mean Titel?'],
  ],
  [
    'the right to change a field',
    (org) => change(org, 'Contact', 'Department', { updateable: false }),
    ['m.yaml:20:51 Contact.Department cannot be changed in this org: delete it from this proposal'],
  ],
  [
    'a field that is no formula',
    (org) => change(org, 'Task', 'Subject', { calculated: true }),
    ['m.yaml:24:14 Task.Subject is a formula of the org: nothing can set it'],
  ],
  [
    'values of a picklist, also of one end of a condition',
    (org) => {
      change(org, 'Task', 'Priority', { values: ['High', 'Normal'] })
      change(org, 'Task', 'Status', { values: ['Completed', 'Not Started'] })
    },
    [
      'm.yaml:24:33 Task.Priority takes no “Hihg”: did you mean “High”?',
      'm.yaml:24:53 Task.Status takes no “Done”: it has Completed, Not Started',
    ],
  ],
  [
    'a value that a table gives',
    (org) => change(org, 'Contact', 'Department', { values: ['Gone', 'Active'] }),
    [
      'm.yaml:20:51 Contact.Department takes no “Left” (rules §Leavers, row 1): it has Gone, Active',
      'm.yaml:20:51 Contact.Department takes no “Left” (rules §Leavers, row 2): it has Gone, Active',
    ],
  ],
  [
    'a lookup to what the step reads',
    (org) => change(org, 'Contact', 'AccountId', { referenceTo: ['Partner__c'] }),
    ['m.yaml:11:31 Contact.AccountId points at Partner__c, and this step reads Account'],
  ],
  [
    'people in a group',
    (org) => void org.rosters.splice(0, 1, { from: 'group:RevOps', people: 0 }),
    ['m.yaml:26:5 the public group RevOps does not exist, or has no active member: nobody could answer'],
  ],
])('finds that the org lacks %s', async (_what, lacking, findings) => {
  expect(await findingsIn(lacking)).toEqual(findings)
})

it('finds a field that never changes, for which a mission would wait for ever', async () => {
  const waits = SOURCE.replace(
    '{ change: Contact.updated, after: 0s }',
    '{ change: Contact.updated, fields: [Title, Titl] }',
  )
  const computed = (org: DescribedGrant) => change(org, 'Contact', 'Title', { calculated: true })
  expect(await findingsIn(computed, waits)).toEqual([
    'm.yaml:5:41 Contact.Title is computed, and the org tells no change of it: wait for what it is computed from',
    'm.yaml:5:48 the org has no Contact.Titl, or the reading user does not see it: did you mean Title?',
  ])
})
