import { LightningElement, api } from 'lwc'
import { visible, type FieldInfo, type ObjectInfo } from '../../org/describe.ts'
import type { ObjectLayout } from '../../org/objects.ts'
import type { OrgRecord } from '../../org/rest.ts'

/** All fields of a record by section, read-only. */
export default class RecordDetail extends LightningElement {
  @api info: ObjectInfo | undefined
  @api record: OrgRecord | undefined
  @api sections: ObjectLayout['sections'] = []

  get filled(): { title: string; fields: FieldInfo[] }[] {
    const { info } = this
    if (!info) return []
    const sections = this.sections.map(({ title, fields }) => ({ title, fields: visible(info, fields) }))
    return sections.filter((section) => section.fields.length > 0)
  }
}
