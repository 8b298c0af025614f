import { describe, expect, it } from 'vitest'
import { openHouse } from '../support/engine-harness.ts'

describe('a datetime', () => {
  const house = openHouse()
  const admin = house.as('admin')
  const stampOf = (id: string) =>
    house.rows(`SELECT SystemModstamp FROM Account WHERE Id = '${id}'`)[0]?.['SystemModstamp']

  it('is kept to the second: two changes within one cannot be told apart by their stamps', () => {
    house.later(123)
    const id = house.org.create(admin, 'Account', { Name: 'Acme' })
    const first = stampOf(id)
    house.later(500)
    house.org.update(admin, 'Account', id, { Phone: '1' })
    expect([first, stampOf(id)]).toEqual(['2026-11-18T12:00:00.000+0000', '2026-11-18T12:00:00.000+0000'])
    house.later(400)
    house.org.update(admin, 'Account', id, { Phone: '2' })
    expect(stampOf(id)).toBe('2026-11-18T12:00:01.000+0000')
  })

  it('that a client sends loses its fraction', () => {
    const id = house.org.create(admin, 'Task', {
      ReminderDateTime: '2026-12-01T10:00:00.987Z',
      IsReminderSet: true,
    })
    const [task] = house.rows(`SELECT ReminderDateTime FROM Task WHERE Id = '${id}'`)
    expect(task?.['ReminderDateTime']).toBe('2026-12-01T10:00:00.000+0000')
  })
})
