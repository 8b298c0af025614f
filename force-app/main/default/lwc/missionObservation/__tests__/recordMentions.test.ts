import { expect, test } from '@jest/globals'
import { partsOf } from '../recordMentions'

const account = (id: string, name: string | null) => ({ object: 'Account', id, name })
const shown = (text: string, ...records: ReturnType<typeof account>[]) => {
  const { parts, rest } = partsOf(text, records)
  return [
    parts.map(({ text: words, record }) => (record ? `[${record.id}]` : words)).join(''),
    rest.map(({ id }) => id),
  ]
}

test('a name that begins another name does not take its place', () => {
  expect(shown('Acme Inc and Acme are one company', account('1', 'Acme'), account('2', 'Acme Inc'))).toEqual([
    '[2] and [1] are one company',
    [],
  ])
})

test('a record that the line does not name, or that has no name, is listed apart', () => {
  expect(shown('2 accounts looked similar', account('1', 'Acme'), account('2', null))).toEqual([
    '2 accounts looked similar',
    ['1', '2'],
  ])
})

test('a name that two records share is no link: it could lead to the wrong one', () => {
  expect(shown('Acme and Acme', account('1', 'Acme'), account('2', 'Acme'))).toEqual(['Acme and Acme', ['1', '2']])
})
