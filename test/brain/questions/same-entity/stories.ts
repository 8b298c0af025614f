// The planted cases of the practice org as the tools would return them.
import { STORIES } from '../../../../server/practice/content/stories.ts'
import type { Story } from '../../../../server/practice-org/src/content/story.ts'
import type { FieldValue } from '../../../../server/contract/values/field-value.ts'
import { account, idOf, lead, record, type FakeOrg, type Values } from './fake-context.ts'

export { STORIES }

type Row = Story['lead']

const decimal = (row: Row): Values =>
  Object.fromEntries(
    Object.entries(row).map(([field, value]): [string, FieldValue] => [
      field,
      typeof value === 'number' ? String(value) : value,
    ]),
  )

/** A story's org; accounts are numbered from 1 in the story's order. */
export function orgOf(name: string): FakeOrg {
  const story = STORIES.find((each) => each.name === name)
  if (!story) throw new Error(`no story called ${name}`)
  const contactIds = new Map<string, string>()
  let next = 1
  const rows = (prefix: string, object: string, list: Row[] = [], more: Values = {}) =>
    list.map((row) => record(object, idOf(prefix, next++), { ...decimal(row), ...more }))
  const accounts = story.accounts.map((entry, index) => {
    const parentIndex = story.accounts.findIndex(({ fields }) => fields['Name'] === entry.parent)
    const contacts = rows('003', 'Contact', entry.contacts).map((each) => ({
      ...each,
      values: { ...each.values, Name: `${each.values['FirstName']} ${each.values['LastName']}` } as Values,
    }))
    for (const { id, values } of contacts) contactIds.set(String(values['Email']), id)
    const direct = contacts.map(({ id }) =>
      record('AccountContactRelation', idOf('07k', next++), { ContactId: id, IsDirect: true }),
    )
    const indirect = (entry.alsoRelates ?? []).map((email) =>
      record('AccountContactRelation', idOf('07k', next++), {
        ContactId: contactIds.get(email) ?? null,
        IsDirect: false,
      }),
    )
    const opportunities = rows('006', 'Opportunity', entry.opportunities).map((each) => {
      const stage = String(each.values['StageName'])
      return {
        ...each,
        values: { ...each.values, IsClosed: stage.startsWith('Closed'), IsWon: stage === 'Closed Won' },
      }
    })
    return account(
      index + 1,
      {
        ...decimal(entry.fields),
        CreatedDate: `2026-0${index + 1}-01T00:00:00.000+0000`,
        ParentId: parentIndex === -1 ? null : idOf('001', parentIndex + 1),
      },
      {
        Contacts: contacts,
        Opportunities: opportunities,
        Cases: rows('500', 'Case', entry.cases),
        Tasks: rows('00T', 'Task', entry.tasks),
        AccountContactRelations: [...direct, ...indirect],
      },
    )
  })
  const { FirstName, LastName } = story.lead
  return { lead: lead({ ...decimal(story.lead), Name: `${FirstName} ${LastName}` }), accounts }
}
