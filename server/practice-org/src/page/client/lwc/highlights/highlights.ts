import { LightningElement, api } from 'lwc'
import { navigateTo } from '../../nav/location.ts'
import { recordPage } from '../../nav/page-reference.ts'
import { visible, type FieldInfo, type ObjectInfo } from '../../org/describe.ts'
import { layoutOf } from '../../org/objects.ts'
import type { OrgRecord } from '../../org/rest.ts'

/** The highlights panel at the head of a record page. */
export default class Highlights extends LightningElement {
  @api objectApiName = ''
  @api info: ObjectInfo | undefined
  @api record: OrgRecord | undefined

  get icon(): string {
    return layoutOf(this.objectApiName, this.record)?.icon ?? 'standard:default'
  }
  get label(): string {
    return this.info?.label ?? ''
  }
  get name(): string {
    return String(this.record?.[layoutOf(this.objectApiName, this.record)?.nameField ?? 'Name'] ?? '')
  }
  get editable(): boolean {
    return this.info?.updateable ?? false
  }
  get fields(): FieldInfo[] {
    return this.info ? visible(this.info, layoutOf(this.objectApiName, this.record)?.highlights ?? []) : []
  }

  edit(): void {
    navigateTo(recordPage(this.objectApiName, String(this.record?.Id), 'edit'))
  }
}
