import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Variables } from '../../../server/brain/expressions/environment.ts'
import { checkExpression, evaluate, namedIn, NoValue } from '../../../server/brain/expressions/expression.ts'
import { fromOrg, toOrg } from '../../../server/contract/expressions/org-values.ts'

const VARIABLES: Variables = {
  lead: {
    kind: 'one',
    members: ['Name', 'Amount', 'Rate', 'Employees', 'Created', 'Due', 'Blank', 'Open', 'Owner.Name'],
  },
  tasks: { kind: 'many', members: ['Status', 'Amount', 'Due'] },
}
const VALUES = {
  lead: {
    Name: 'Ada',
    Amount: fromOrg('100.10', 'currency'),
    Rate: fromOrg('0.2', 'percent'),
    Employees: fromOrg('7', 'int'),
    Created: fromOrg('2026-11-01T10:00:00.000+0000', 'datetime'),
    Due: fromOrg('2026-11-27', 'date'),
    Blank: null,
    Open: true,
    Owner: { Name: 'Elena' },
  },
  tasks: [
    { Status: 'Open', Amount: fromOrg('1.10', 'currency'), Due: fromOrg('2026-11-27', 'date') },
    { Status: 'Completed', Amount: fromOrg('2.20', 'currency'), Due: fromOrg('2026-12-04', 'date') },
    { Status: 'Open', Amount: null, Due: null },
  ],
}
const valueOf = (expression: string) => toOrg(evaluate(expression, VARIABLES, VALUES, { today: '2026-11-27' }))

describe('An expression over what was read', () => {
  test.for<[string, string | boolean | null]>([
    ["'Call ' + lead.Name", 'Call Ada'],
    ["'Call ' + lead.Blank", 'Call '],
    ['lead.Owner.Name', 'Elena'],
    ['lead.Amount * 3', '300.3'],
    ['lead.Amount + lead.Rate', '100.3'],
    ['lead.Amount * 1.1', '110.11'],
    ['100 - lead.Amount', '-0.1'],
    ['round(lead.Amount / 3, 2)', '33.37'],
    ['lead.Employees >= 7', true],
    ['lead.Employees == 7 && lead.Rate == 0.2', true],
    ['lead.Amount == 100.1', true],
    ['lead.Amount in [1, 2]', false],
    ['lead.Blank >= 3', false],
    ['lead.Blank < 3', false],
    ['lead.Blank == null', true],
    ['blank(lead.Blank) && !blank(lead.Name)', true],
    ['first(lead.Blank, lead.Name)', 'Ada'],
    ["lead.Open ? 'yes' : 'no'", 'yes'],
    ['today()', '2026-11-27'],
    ['today() + days(2)', '2026-11-29'],
    ['workday(1)', '2026-11-30'],
    ['workday(6)', '2026-12-07'],
    ['daysSince(lead.Created) > 25', true],
    ['daysSince(lead.Created) > 26', false],
    ['daysUntil(lead.Due) == 0 && daysSince(lead.Due) == 0', true],
    ['day(lead.Created)', '2026-11-01'],
    ['lead.Due <= today()', true],
    ['lead.Created < today()', true],
    ["tasks.exists(t, t.Status == 'Completed')", true],
    ["count(tasks.filter(t, t.Status == 'Open'))", '2'],
    ["sum(tasks, 'Amount')", '3.3'],
    ["latest(tasks, 'Due')", '2026-12-04'],
    ["earliest(tasks, 'Due')", '2026-11-27'],
    ["daysSince(latest(tasks.filter(t, t.Status == 'None'), 'Due')) > 1", false],
    ['upper(lead.Name) + text(lead.Employees)', 'ADA7'],
    ['lead', null],
  ])('%s gives %s', ([expression, value]) => {
    if (expression === 'lead') {
      expect(() => valueOf(expression)).toThrow(TypeError)
      return
    }
    expect(checkExpression(expression, VARIABLES, 'value')).toEqual([])
    expect(valueOf(expression)).toBe(value)
  })

  test.for<[string, string]>([
    ['leads.Name', 'leads is not known here: did you mean lead?'],
    ['company.Name', 'company is not known here; there are lead, tasks'],
    ['lead.Company', 'lead.Company is never read'],
    ['lead.Nmae', 'lead.Nmae is never read: did you mean lead.Name?'],
    ["tasks.exists(t, t.Subject == 'x')", 'tasks.Subject is never read'],
    ["latest(tasks, 'Created')", 'tasks.Created is never read'],
    ["lead.Name.matches('(a+)+$')", 'matches is not offered'],
    ['tasks.exists(t, tasks.exists(u, u.Due == t.Due))', 'a list is walked inside another walk'],
    ["lead['Name']", 'write a member with a dot'],
    ["'a' +", 'EOF'],
    ["{'a': 1}", 'maxMapEntries'],
    ["lead.Name == 'a' &&".padEnd(400, " 'a' == 'a' &&") + ' true', ''],
  ])('%s is refused: %s', ([expression, why]) => {
    const [found] = checkExpression(expression, VARIABLES, 'value')
    if (why === '') return
    expect(found).toContain(why)
  })

  test('a condition that is no condition is refused', () => {
    expect(checkExpression("'a' + lead.Name", VARIABLES, 'bool')).toEqual([
      'this must be true or false, and is string: compare it with something',
    ])
  })

  test('an expression of more than 200 parts is refused', () => {
    const long = Array.from({ length: 120 }, () => 'lead.Employees').join(' + ')
    expect(checkExpression(long, VARIABLES, 'value')).toHaveLength(1)
  })

  test('what cannot be computed is no value, and says why', () => {
    expect(() => valueOf('lead.Name > 3')).toThrow(NoValue)
    expect(() => valueOf('lead.Amount / 0')).toThrow(NoValue)
  })

  test('it names each member once, through lists too', () => {
    expect(
      namedIn(
        "lead.Name + lead.Owner.Name + lead.Name + text(sum(tasks, 'Amount')) + text(tasks.exists(t, t.Status == lead.Name))",
      ),
    ).toEqual([
      { variable: 'lead', member: 'Name' },
      { variable: 'lead', member: 'Owner.Name' },
      { variable: 'tasks', member: 'Amount' },
      { variable: 'tasks', member: null },
      { variable: 'tasks', member: 'Status' },
    ])
  })
})

describe('Numbers of the org', () => {
  test('come back as they were', () => {
    const decimal = fc
      .tuple(fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n }), fc.integer({ min: 0, max: 8 }))
      .map(([digits, places]) => {
        const text = String(digits < 0n ? -digits : digits).padStart(places + 1, '0')
        const sign = digits < 0n ? '-' : ''
        return places === 0 ? sign + text : `${sign}${text.slice(0, -places)}.${text.slice(-places)}`
      })
    fc.assert(
      fc.property(decimal, (text) => {
        const back = toOrg(fromOrg(text, 'currency'))
        return typeof back === 'string' && Number(back) === Number(text)
      }),
    )
  })

  test('of any text, a value in an expression is a text, a number or nothing, and never throws', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('currency', 'date', 'datetime', 'string', 'boolean'),
        (text, type) => {
          toOrg(fromOrg(text, type))
          return true
        },
      ),
    )
  })
})
