import type { FieldValue } from '../../contract/values/field-value.ts'
import type { RecordValues } from '../../contract/values/record-values.ts'
import { ToolFailure } from '../failure/failure.ts'
import { distinctNames } from '../org/names.ts'
import { likeText, quoted, runQueries } from '../org/query.ts'
import { recordOf } from '../org/records.ts'
import { search, searchPhrase, searchTerm } from '../org/search.ts'
import { readableOf, type Tool, type ToolArguments } from '../services/services.ts'

type Like = ToolArguments<'findDuplicates'>['like']

/** Rows a single search or query may bring; the best of all together are kept. */
const PER_QUERY = 50

export const findDuplicates: Tool<'findDuplicates'> = async (input, call) => {
  const readable = readableOf(input.grant, call)
  const { words, domains, phones } = input.like
  if (words.length + domains.length + phones.length === 0) throw new ToolFailure('bad-request', 'nothing to look for')
  for (const field of input.fields) await readable.field(input.object, field)
  for (const field of searchedFields(input.like)) await readable.field(input.object, field)
  const selected = distinctNames(['Id', 'Name', ...input.fields])
  const found = await search(call.services.reader, soslOf(input.object, selected, input.like), call.count)
  const queries = soqlOf(input.object, selected, input.like, timeLiteral(input.createdSince)).map((soql) => ({ soql }))
  const indexed = await runQueries(call.services.reader, queries, call.count)
  const rows = [...indexed.flatMap(({ rows: some }) => some), ...found]
  const ranked = best(
    rows.map((row) => recordOf(row, input.fields)),
    input.like,
  )
  const records = ranked.slice(0, input.atMost)
  return { records, leftOut: ranked.length - records.length, calls: call.count.calls }
}

function searchedFields({ words, domains, phones }: Like): string[] {
  return [
    ...(words.length > 0 ? ['Name'] : []),
    ...(domains.length > 0 ? ['Website'] : []),
    ...(phones.length > 0 ? ['Phone'] : []),
  ]
}

function soslOf(object: string, fields: string[], { words, domains, phones }: Like): string {
  const terms = [...words.map((word) => `${searchTerm(word)}*`), ...[...domains, ...phones].map(searchPhrase)]
  return `FIND {${terms.join(' OR ')}} IN ALL FIELDS RETURNING ${object}(${fields.join(', ')} LIMIT ${PER_QUERY})`
}

/** Prefix and exact conditions, which an index can serve; a leading wildcard only beside the selective creation date. */
function soqlOf(object: string, fields: string[], { words, domains, phones, name }: Like, since: string): string[] {
  const select = (where: string) => `SELECT ${fields.join(', ')} FROM ${object} WHERE ${where} LIMIT ${PER_QUERY}`
  const byName = words.map((word) => `Name LIKE '${likeText(word)}%'`)
  const byDomain = domains.flatMap(addressForms).map((form) => `Website LIKE '${likeText(form)}%'`)
  const byPhone = phones.flatMap(phoneForms).map(quoted)
  const anywhere = [
    ...words.map((word) => `Name LIKE '%${likeText(word)}%'`),
    ...domains.map((domain) => `Website LIKE '%${likeText(domain)}%'`),
    ...phones.map((phone) => `Phone LIKE '%${likeText(phone.slice(-4))}'`),
  ]
  return [
    ...(name !== undefined && words.length > 0 ? [select(`Name LIKE '${likeText(name)}%'`)] : []),
    ...(byDomain.length > 0 ? [select(byDomain.join(' OR '))] : []),
    ...(byPhone.length > 0 ? [select(`Phone IN (${byPhone.join(', ')})`)] : []),
    ...(byName.length > 0 ? [select(byName.join(' OR '))] : []),
    select(`CreatedDate >= ${since} AND (${anywhere.join(' OR ')})`),
  ]
}

function addressForms(domain: string): string[] {
  return ['', 'www.', 'http://', 'http://www.', 'https://', 'https://www.'].map((prefix) => prefix + domain)
}

/** The ways people write ten digits, with and without the country code of the North American plan; others as digits. */
function phoneForms(digits: string): string[] {
  const plain = digits.replace(/\D/g, '')
  const ten = plain.length === 11 && plain.startsWith('1') ? plain.slice(1) : plain
  if (ten.length !== 10) return [plain, `+${plain}`]
  const [area, exchange, line] = [ten.slice(0, 3), ten.slice(3, 6), ten.slice(6)]
  const national = [
    `(${area}) ${exchange}-${line}`,
    `${area}-${exchange}-${line}`,
    `${area}.${exchange}.${line}`,
    `${area} ${exchange} ${line}`,
    ten,
  ]
  return [
    ...national,
    ...national.map((form) => `+1 ${form}`),
    `+1${ten}`,
    `1${ten}`,
    `+1-${area}-${exchange}-${line}`,
    `+${plain}`,
  ]
}

function timeLiteral(text: string): string {
  const time = new Date(text)
  if (Number.isNaN(time.getTime())) throw new ToolFailure('bad-request', `createdSince "${text}" is not a time`)
  return time.toISOString()
}

/** Once each, those that agree on most first: a new record that only shares a word must not push out a domain match. */
function best(records: RecordValues[], like: Like): RecordValues[] {
  const byId = new Map(records.map((record) => [record.id, record]))
  const scored = [...byId.values()].map((record, order) => ({ record, order, score: score(record, like) }))
  return scored.sort((a, b) => b.score - a.score || a.order - b.order).map(({ record }) => record)
}

function score({ values }: RecordValues, { words, domains, phones, name: typed, town }: Like): number {
  const text = (value: FieldValue | undefined) => String(value ?? '').toLowerCase()
  const digits = text(values.Phone).replace(/\D/g, '')
  const name = text(values.Name)
  const isNamed = typed !== undefined && name.trim() === typed.trim().toLowerCase()
  const isThere = town !== undefined && text(values.BillingCity).trim() === town.trim().toLowerCase()
  return (
    // The very name and the very town are never cut off by records that only share words or a site.
    (isNamed ? 20 : 0) +
    (isThere ? 2 : 0) +
    3 * domains.filter((domain) => text(values.Website).includes(domain.toLowerCase())).length +
    2 * phones.filter((phone) => digits.endsWith(phone.replace(/\D/g, '').slice(-7))).length +
    words.filter((word) => name.includes(word.toLowerCase())).length
  )
}
