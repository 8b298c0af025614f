// What of a record can be found by search, and under which of SOSL's field groups.
import type { FieldDef, ObjectDef } from '../schema/catalog.ts'
import type { Row } from './row.ts'

/** Columns of each full-text index; SOSL's `IN NAME|EMAIL|PHONE FIELDS` look at one, `ALL FIELDS` at every. */
export const SEARCH_COLUMNS = ['name', 'email', 'phone', 'rest'] as const
export type SearchColumn = (typeof SEARCH_COLUMNS)[number]

/** What is searched with the name of any record, and of some kinds [soqlref]. */
const NAME_PARTS = new Set(['Name', 'FirstName', 'LastName', 'Company', 'Subject'])
const NAME_PARTS_OF: Record<string, string[]> = {
  Account: ['Website', 'Site'],
  Asset: ['SerialNumber'],
  Case: ['SuppliedName', 'SuppliedCompany'],
  Contact: ['AssistantName'],
  Note: ['Title'],
  User: ['CommunityNickname'],
}

/** The group a field is searched under, or undefined when it is not searched. */
export function searchColumn(object: ObjectDef, field: FieldDef): SearchColumn | undefined {
  if (field.type === 'email') return 'email'
  if (field.type === 'phone') return 'phone'
  if (!['string', 'textarea', 'url', 'combobox'].includes(field.type)) return undefined
  if (field.name === object.nameField) return 'name'
  const isName = NAME_PARTS.has(field.name) || NAME_PARTS_OF[object.name]?.includes(field.name)
  return isName ? 'name' : 'rest'
}

/** A word no text has: without it a phrase would reach from the end of one field into the next. */
const BETWEEN_FIELDS = ' \ue003 '

/** A phone number is found as written, as its digits, and by its last ten and seven digits. */
function phoneText(phone: string): string {
  const digits = phone.replace(/\D/g, '')
  return [phone, digits, digits.slice(-10), digits.slice(-7)].join(' ')
}

/** The text of a row for each of SEARCH_COLUMNS. */
export function indexedText(object: ObjectDef, row: Row): string[] {
  const texts: Record<SearchColumn, string[]> = { name: [], email: [], phone: [], rest: [] }
  for (const field of object.fields) {
    const column = searchColumn(object, field)
    const value = row[field.name]
    if (column && typeof value === 'string') texts[column].push(column === 'phone' ? phoneText(value) : value)
  }
  return SEARCH_COLUMNS.map((column) => texts[column].join(BETWEEN_FIELDS))
}
