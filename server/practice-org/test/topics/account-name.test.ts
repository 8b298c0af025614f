import avro from 'avsc'
import { expect, it } from 'vitest'
import { eventSchema } from '../../src/topics/avro-schema.ts'
import { fieldBitmaps } from '../../src/topics/bitmap.ts'
import { encodeEvent } from '../../src/topics/encode.ts'
import { openHouse } from '../support/engine-harness.ts'

it('the name of a company is text in its event, that of a person a record of parts', () => {
  const { org, as } = openHouse()
  const id = org.create(as('admin'), 'Account', { Name: 'Acme' })
  const [event] = org.eventsAfter('AccountChangeEvent', 0, 1)
  if (!event) throw new Error('no event was kept')
  expect(event.header.recordIds).toEqual([id])
  const schema = eventSchema('AccountChangeEvent', org.eventFields('AccountChangeEvent') ?? [])
  const type = avro.Type.forSchema(JSON.parse(schema.json) as avro.Schema, { wrapUnions: false })
  const nameIn = (fields: Record<string, string | null>): unknown =>
    (type.fromBuffer(encodeEvent(schema, { ...event, fields }, () => true)) as Record<string, unknown>)['Name']
  expect(nameIn(event.fields as Record<string, string>)).toBe('Acme')
  expect(nameIn({ Name: 'Ada Long', FirstName: 'Ada', LastName: 'Long' })).toMatchObject({
    FirstName: 'Ada',
    LastName: 'Long',
    Salutation: null,
  })
  expect(fieldBitmaps(schema.fields, ['Name'])).toEqual(['0x02'])
  expect(fieldBitmaps(schema.fields, ['Name', 'LastName'])).toEqual(['0x00', '1-0x04'])
})
