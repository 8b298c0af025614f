// Every relationship that the catalogue knows, one child each: none may be lost in a merge.
import { beforeAll, describe, expect, it } from 'vitest'
import { type ChildRelationship, type FieldDef, type ObjectDef, shippedCatalog } from '../../src/schema/catalog.ts'
import type { Value } from '../../src/org/values.ts'
import { type House, openHouse } from '../support/engine-harness.ts'

const catalog = shippedCatalog()
const mergeable = catalog.objects.filter((object) => object.mergeable)

let house: House
let made = 0
beforeAll(() => {
  house = openHouse()
})

/** A row with what it cannot be without; lookups that must be set point at rows of their own. */
function load(object: ObjectDef, given: Record<string, Value>): string {
  const row: Record<string, Value> = { ...given }
  for (const field of object.fields) {
    const needed = !field.nillable && field.default === undefined && !field.defaultedOnCreate
    if (row[field.name] !== undefined || !needed || !(field.createable || field.updateable)) continue
    row[field.name] = valueFor(object, field)
  }
  const [id = ''] = house.org.load(object.name, [row])
  return id
}

function valueFor(object: ObjectDef, field: FieldDef): Value {
  const { referenceTo, picklist, type } = field
  if (type === 'reference') {
    const target = referenceTo.find((name) => name !== object.name) ?? object.name
    return target === 'User' ? house.as('admin').userId : load(catalog.get(target), {})
  }
  if (type === 'date') return '2026-12-01'
  if (type === 'datetime') return '2026-12-01T10:00:00.000Z'
  const [first] = picklist ?? []
  if (first !== undefined) return typeof first === 'string' ? first : first.value
  return NUMBERS.includes(type) ? 1 : textFor(type)
}

const NUMBERS = ['int', 'double', 'currency', 'percent']
function textFor(type: FieldDef['type']): string {
  made += 1
  return type === 'email' ? `x${made}@x.example` : type === 'base64' ? 'eA==' : `x${made}`
}

const stored = ({ child, field }: ChildRelationship): boolean => field.name !== 'MasterRecordId' && !child.virtual

/** What a child's lookup says after the merge; nothing when the row is gone. */
function afterwards({ child, field }: ChildRelationship, id: string): unknown {
  const deleted = child.hasIsDeleted ? ' AND IsDeleted = false' : ''
  const soql = `SELECT ${field.name} FROM ${child.name} WHERE Id = '${id}'${deleted}`
  return house.org.query(house.as('admin'), soql, { all: true }).records[0]?.[field.name]
}

describe.each(mergeable.map((object) => [object.name, object] as const))('a merge of %s', (_, object) => {
  it('has relationships to look after', () => {
    expect(catalog.children(object.name).filter(stored).length).toBeGreaterThan(0)
  })

  it.each(
    catalog
      .children(object.name)
      .filter(stored)
      .map((each) => [`${each.child.name}.${each.field.name}`, each] as const),
  )('looks after %s', (_name, relationship) => {
    const { child, field } = relationship
    // A contact can be related to accounts only when it has one of its own.
    const own: Record<string, Value> = object.name === 'Contact' ? { AccountId: load(catalog.get('Account'), {}) } : {}
    const [master, loser] = [load(object, own), load(object, {})]
    const id = load(child, { [field.name]: loser })
    const request = { type: object.name, masterId: master, fields: {}, loserIds: [loser] }
    const result = house.org.merge(house.as('admin'), request)
    expect(result.errors).toEqual([])
    const expected = child.keepOnMerge ? loser : child.dropOnMerge ? undefined : master
    expect(afterwards(relationship, id)).toBe(expected)
    const isTold = expected === master && (field.createable || field.updateable)
    expect(result.updatedRelatedIds.includes(id)).toBe(isTold)
  })
})
