import { describe, expect, it } from 'vitest'
import { checkExpression, comparedWith, membersOf } from '../../../server/contract/gate/expression.ts'

describe('a gate’s condition', () => {
  it.each([
    'record.legalHold',
    'merge.movesAmount >= 100000',
    "change.field in ['OwnerId', 'Amount']",
    "lead.Status.startsWith('Open') && size(lead.Company) > 3",
    'record.customer || !record.personAccount',
  ])('may be %s', (expression) => expect(checkExpression(expression)).toEqual([]))

  it.each([
    ['a list walked by a macro', '[1, 2].all(x, x > 0)', /all is not offered/],
    ['lists walked inside each other', '[1, 2].exists(x, [1, 2].exists(y, x == y))', /exists is not offered/],
    ['a list built by a macro', 'size([1].map(x, x)) > 0', /map is not offered/],
    ['a pattern', "lead.Company.matches('a+')", /matches is not offered/],
    [
      'a test whether a fact is there, which would turn unknown into false',
      'has(record.legalHold)',
      /has is not offered/,
    ],
    ['a member by a computed name', "record['legal' + 'Hold']", /with a dot/],
    ['a number', '1 + 1', /true or false/],
    ['an unknown variable', 'account.Name', /account/],
    ['half a sentence', 'merge.movesAmount >=', /./],
  ])('may not be %s', (_title, expression, reason) => expect(checkExpression(expression).join()).toMatch(reason))

  it('names the facts and lead fields it rests on', () => {
    const expression = "record.legalHold || lead.Status == 'Open' && lead.Company != record.b"
    expect(membersOf('record', expression)).toEqual(['b', 'legalHold'])
    expect(membersOf('lead', expression)).toEqual(['Company', 'Status'])
  })

  it('names the changed fields it is about', () => {
    expect(comparedWith('field', "change.field in ['OwnerId', 'Amount'] || change.field == 'Fax'")).toEqual([
      'OwnerId',
      'Amount',
      'Fax',
    ])
  })
})
