import { LightningElement, api } from 'lwc'
import type { FieldInfo } from '../../org/describe.ts'
import type { OrgRecord } from '../../org/rest.ts'

interface Row {
  id: string
  record: OrgRecord
  cells: { key: string; field: FieldInfo; linkTo?: string }[]
}

/** Records as a table; on a narrow screen each record is a block of labelled lines. */
export default class RecordTable extends LightningElement {
  @api label = ''
  @api objectApiName = ''
  @api fields: FieldInfo[] = []
  @api records: OrgRecord[] = []

  get rows(): Row[] {
    return this.records.map((record) => ({
      id: String(record.Id),
      record,
      // The first column names the record, so it leads there.
      cells: this.fields.map((field, n) => ({
        key: field.name,
        field,
        linkTo: n === 0 ? this.objectApiName : undefined,
      })),
    }))
  }
}
