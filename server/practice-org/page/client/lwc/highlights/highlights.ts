import { LightningElement, api } from 'lwc'
import { navigateTo } from '../../nav/location.ts'
import { recordPage } from '../../nav/page-reference.ts'
import { visible, type FieldInfo, type ObjectInfo } from '../../org/describe.ts'
import { LAYOUTS } from '../../org/objects.ts'
import type { OrgRecord } from '../../org/rest.ts'

/** The highlights panel at the head of a record page. */
export default class Highlights extends LightningElement {
  @api objectApiName = ''
  @api info: ObjectInfo | undefined
  @api record: OrgRecord | undefined

  get icon(): string {
    return LAYOUTS[this.objectApiName]?.icon ?? 'standard:default'
  }
  get label(): string {
    return this.info?.label ?? ''
  }
  get name(): string {
    return String(this.record?.[LAYOUTS[this.objectApiName]?.nameField ?? 'Name'] ?? '')
  }
  get editable(): boolean {
    return this.info?.updateable ?? false
  }
  get fields(): FieldInfo[] {
    return this.info ? visible(this.info, LAYOUTS[this.objectApiName]?.highlights ?? []) : []
  }

  edit(): void {
    navigateTo(recordPage(this.objectApiName, String(this.record?.Id), 'edit'))
  }
}
