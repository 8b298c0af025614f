// What the account of a person shows of his contact: each custom field of contacts is a `__pc` field of accounts.
import { z } from 'zod'
import type { FieldDef, ObjectDef } from './object-schema.ts'

const field = z.looseObject({ name: z.string() })
const described = z.looseObject({ name: z.string(), fields: z.array(field) })
type Field = z.infer<typeof field>

/** The object files with a `__pc` field on Account for each custom field of Contact, in an org that has person accounts. */
export function withPersonFields(files: unknown[]): unknown[] {
  const objects = files.map((file) => described.parse(file))
  const contacts = objects.find(({ name }) => name === 'Contact')
  return objects.map((object) => {
    const hasPersons = object.name === 'Account' && object.fields.some(({ name }) => name === 'IsPersonAccount')
    if (!contacts || !hasPersons) return object
    const custom = contacts.fields.filter(({ name }) => name.endsWith('__c'))
    return { ...object, fields: [...object.fields, ...custom.map(onAccount)] }
  })
}

/** What a custom field is on contacts alone: no account is found by it, none is the only one with its value [K]. */
const LEFT_OUT = new Set([
  'externalId',
  'idLookup',
  'unique',
  'copyOf',
  'formula',
  'autoNumber',
  'childRelationshipName',
])
/** Members that name fields or relationships of contacts. */
const NAMES = new Set(['name', 'relationshipName', 'compound', 'controlledBy'])

function onAccount(field: Field): Field {
  const members = Object.entries(field)
    .filter(([key]) => !LEFT_OUT.has(key))
    .map(([key, value]): [string, unknown] => [key, NAMES.has(key) ? renamed(String(value)) : value])
  const isSet = field['formula'] === undefined && field['autoNumber'] === undefined
  return {
    ...Object.fromEntries(members),
    name: renamed(field.name),
    // A company has no value there.
    ...(field['type'] === 'boolean' ? {} : { nillable: true }),
    ...(isSet ? {} : { createable: false, updateable: false }),
    ofContact: field.name,
  }
}

const renamed = (name: string): string => name.replace(/__([cr])$/, '__p$1')

/** Fields that account and contact of a person have under the same name, with the same value. */
const ALIKE = ['Name', 'Phone', 'Fax', 'OwnerId', 'CurrencyIsoCode']

/** Name of the field of the account, name of the field of its contact: what a person keeps alike on both. */
export function personPairs(accounts: ObjectDef): (readonly [account: string, contact: string])[] {
  const same = ALIKE.filter((name) => accounts.byName.has(name.toLowerCase())).map((name) => [name, name] as const)
  return [...same, ...personFields(accounts).map((each) => [each.name, each.ofContact ?? ''] as const)]
}

/** The stored fields that only a person has. */
export const personFields = (accounts: ObjectDef): FieldDef[] =>
  accounts.fields.filter((each) => each.ofContact !== undefined && each.type !== 'address')
