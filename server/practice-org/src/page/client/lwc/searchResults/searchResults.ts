import { LightningElement, api } from 'lwc'
import { describe, visible, type FieldInfo } from '../../org/describe.ts'
import { LAYOUTS } from '../../org/objects.ts'
import { ask, type OrgRecord } from '../../org/rest.ts'

interface Group {
  object: string
  label: string
  fields: FieldInfo[]
  records: OrgRecord[]
}

const COLUMNS: Record<string, string[]> = {
  Account: ['Name', 'Phone', 'Website', 'BillingCity'],
  Lead: ['Name', 'Company', 'Email', 'Status'],
  Contact: ['Name', 'Title', 'Email', 'Phone'],
  Opportunity: ['Name', 'StageName', 'CloseDate'],
}

/** What the global search finds, by object. The search index lags behind the records, as an org's does. */
export default class SearchResults extends LightningElement {
  @api term = ''
  groups: Group[] = []
  status = 'Searching…'

  connectedCallback(): void {
    void this.load()
  }

  async load(): Promise<void> {
    try {
      this.groups = await find(this.term)
      const count = this.groups.reduce((sum, group) => sum + group.records.length, 0)
      this.status = count === 1 ? '1 result' : `${count} results`
    } catch (error) {
      this.status = error instanceof Error ? error.message : String(error)
    }
  }
}

async function find(term: string): Promise<Group[]> {
  const infos = await Promise.all(Object.keys(COLUMNS).map(describe))
  const groups = infos.map((info) => ({
    object: info.name,
    label: info.labelPlural,
    fields: visible(info, COLUMNS[info.name] ?? []),
    records: [] as OrgRecord[],
  }))
  const returning = groups.map(
    ({ object, fields }) => `${object}(${['Id', ...fields.map((field) => field.name)].join(', ')})`,
  )
  // Every character that SOSL gives a meaning to is taken literally.
  const literalTerm = term.replace(/[?&|!{}[\]()^~*:\\"'+-]/g, '\\$&')
  const sosl = `FIND {${literalTerm}*} IN ALL FIELDS RETURNING ${returning.join(', ')} LIMIT 50`
  const { searchRecords } = await ask<{ searchRecords: OrgRecord[] }>(`/search?q=${encodeURIComponent(sosl)}`)
  for (const group of groups) group.records = searchRecords.filter((record) => record.attributes?.type === group.object)
  return groups.filter((group) => group.records.length > 0 && LAYOUTS[group.object])
}
