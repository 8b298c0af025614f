// What an administrator reads when a mission file or a table is wrong: the place, what is wrong, and what to write instead.
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { checkTexts } from '../../../server/brain/missions/check-texts.ts'

const FOLDER = new URL('./broken/', import.meta.url)
const text = (file: string) => ({ file, source: readFileSync(new URL(file, FOLDER), 'utf8') })

function findingsIn(mission: string, document: string): string[] {
  const checked = checkTexts([text(mission)], [text(document)])
  return checked.flatMap(({ findings }) => findings.map(({ path, message }) => `${path} ${message}`))
}

/** By file: the whole of what is found, in order. */
const MISSIONS: Record<string, string[]> = {
  'unknown-key.yaml': ['2:1 unknown key “titel”: did you mean “title”?'],
  'unknown-limit.yaml': ['24:23 unknown key “perday”: did you mean “perDay”?'],
  'missing-key.yaml': ['7:3 “object” is missing: write a text'],
  'number-as-text.yaml': ['24:49 “minutes” must be a number, and is a text'],
  'unknown-trigger.yaml': ['5:7 “Contact.update” cannot stand here: write e.g. Case.created'],
  'unknown-question.yaml': ['14:11 there is no question “tabel”: did you mean “table”?'],
  'not-yaml.yaml': [
    '11:3 this is not YAML: Flow sequence in block collection must be sufficiently indented and end with a ]',
  ],
  'twice.yaml': ['16:1 this key stands here twice: delete one of the two'],
  'misspelt-field.yaml': ['18:7 contact.Departmnt is never read: did you mean contact.Department?'],
  'misspelt-step.yaml': ['16:3 acount is not known here: did you mean account?'],
  'wrong-cel.yaml': ['18:7 “left.department ==” cannot be read as an expression: Unexpected token: EOF'],
  'let-circle.yaml': [
    '16:3 “owner” needs itself: owner → fallback → owner. Break the circle by writing one of them without the others',
  ],
  'let-order.yaml': ['16:3 “fallback” is named before it is defined: move it above “owner”'],
  'gate-field-never.yaml': [
    '22:7 can never match: this mission changes none of Amount; it changes Department, OwnerId',
  ],
  'gate-object-never.yaml': ['22:7 can never match: this mission changes no Account; it changes Contact'],
  'gate-no-person.yaml': [
    '23:24 “needs” must be at least 1: every change needs a person; to refuse it, write “block: why” in place of “needs”',
  ],
  'gate-no-roster.yaml': ['22:5 this line does not say who must answer: write e.g. from: group:RevOps'],
  'gate-no-otherwise.yaml': [
    '22:5 a gate has one line “otherwise: true”, for changes that no other line matches, and this one has 0',
  ],
  'fact-unread.yaml': ['24:10 Account.On_Hold__c is a fact but never read: add On_Hold__c to the fields of “account”'],
  'missing-knowledge.yaml': [
    '12:20 no knowledge document is called leavers: put one into the folder knowledge that begins with “document: leavers”',
  ],
  'unread-proposal.yaml': [
    '20:51 Contact.Department is proposed but never read: add Department to the fields of “contact”',
  ],
  'unused-field.yaml': [
    '10:59 nothing uses contact.Birthdate: delete it, since a mission is granted no more than it needs',
    '10:70 nothing uses contact.Email: delete it, since a mission is granted no more than it needs',
  ],
}

const TABLES: Record<string, string[]> = {
  'no-hit-policy.md': [
    '8:1 the table does not say which row counts: write “Hit policy: first” (rows are tried from the top) or “Hit policy: unique” (at most one may apply) above it',
  ],
  'unknown-hit-policy.md': ['8:1 there is no hit policy “priority”: write “Hit policy: first” or “Hit policy: unique”'],
  'case-without-row.md': [
    '16:1 no row covers Role blank: add a row, or write “No row: leave it as it is.” above the table',
  ],
  'rows-overlap.md': ['18:1 rows 1 and 2 both apply to Role “ex-buyer”: tell them apart, or write “Hit policy: first”'],
  'dead-row.md': ['18:1 row 2 can never apply, since the rows above it cover its cases: move it up, or delete it'],
  'bad-condition.md': ['18:3 Role: after >= stands a number such as 1000 or a date such as 2027-01-31'],
  'bad-output.md': [
    '17:21 → Department: number: “Left” is no number: write it as 1000 or 0.5',
    '18:21 → Department: number: “Left” is no number: write it as 1000 or 0.5',
  ],
  'unknown-output-type.md': [
    '15:21 → Department: persn: there is no type “persn”; there are “checkbox”, “date”, “number”, “text”, “user”',
  ],
  'cell-missing.md': ['18:1 this row has 1 cell, and the table 2 columns: a blank cell is written as | |'],
  'no-front-matter.md': [
    '1:1 the front matter needs two lines, such as “document: territory-rules” and “title: Territory rules”; wrong is title, another key',
  ],
  'no-dashes.md': ['16:1 under the columns of a table stands a line of dashes: write | --- | --- |'],
}

describe('a broken mission file', () => {
  it.each(Object.entries(MISSIONS))('%s is refused with its place and what to write instead', (file, findings) => {
    expect(findingsIn(file, 'sound.md')).toEqual(findings.map((finding) => `${file}:${finding}`))
  })
})

describe('a broken table', () => {
  it.each(Object.entries(TABLES))('%s is refused with its place in the document', (file, findings) => {
    expect(findingsIn('sound.yaml', file)).toEqual(findings.map((finding) => `${file}:${finding}`))
  })

  it('under another heading is refused where the mission names it', () => {
    expect(findingsIn('sound.yaml', 'heading-misspelt.md')).toEqual([
      'sound.yaml:14:28 there is no table under the heading “Leavers”: did you mean “Leaver”?',
    ])
  })
})

it('has no broken file that no case is about, and finds nothing wrong with the sound ones', () => {
  const sound = ['sound.yaml', 'sound.md']
  const files = [...Object.keys(MISSIONS), ...Object.keys(TABLES), 'heading-misspelt.md', ...sound]
  expect(readdirSync(FOLDER).sort()).toEqual(files.sort())
  expect(findingsIn('sound.yaml', 'sound.md')).toEqual([])
})
