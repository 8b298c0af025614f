import { LightningElement, api } from 'lwc'
import { addressOf, recordPage } from '../../nav/page-reference.ts'
import type { FieldInfo } from '../../org/describe.ts'
import { LAYOUTS } from '../../org/objects.ts'
import type { OrgRecord } from '../../org/rest.ts'

const NUMBERS = ['int', 'double', 'long']

/** One field of a record, read-only, formatted by its type; lookups are links to records that have a page here. */
export default class FieldValue extends LightningElement {
  @api field: FieldInfo | undefined
  @api record: OrgRecord | undefined
  /** Set where the value is the record's name and should lead to the record. */
  @api linkTo: string | undefined

  get value(): unknown {
    return this.field ? this.record?.[this.field.name] : undefined
  }

  get filledType(): string {
    return this.value === null || this.value === undefined || this.value === '' ? '' : (this.field?.type ?? '')
  }

  get text(): string {
    if (this.filledType !== 'reference') return this.filledType === '' ? '' : this.pickedLabel
    return parentName(this.record, this.field) ?? String(this.value)
  }

  get pickedLabel(): string {
    const picked = this.field?.picklistValues?.find((choice) => choice.value === this.value)
    return picked?.label ?? (this.filledType === 'boolean' ? '' : String(this.value))
  }

  get link(): string | undefined {
    if (this.linkTo && this.record?.Id) return addressOf(recordPage(this.linkTo, this.record.Id))
    if (this.filledType !== 'reference') return undefined
    const target = this.field?.referenceTo?.find((object) => LAYOUTS[object])
    return target ? addressOf(recordPage(target, String(this.value))) : undefined
  }

  get currency(): boolean {
    return this.filledType === 'currency'
  }
  get percent(): boolean {
    return this.filledType === 'percent'
  }
  get number(): boolean {
    return NUMBERS.includes(this.filledType)
  }
  get date(): boolean {
    return this.filledType === 'date'
  }
  get datetime(): boolean {
    return this.filledType === 'datetime'
  }
  get email(): boolean {
    return this.filledType === 'email'
  }
  get phone(): boolean {
    return this.filledType === 'phone'
  }
  get url(): boolean {
    return this.filledType === 'url'
  }
  get yes(): boolean {
    return this.filledType === 'boolean' && this.value === true
  }
}

function parentName(record: OrgRecord | undefined, field: FieldInfo | undefined): string | undefined {
  const parent = field?.relationshipName ? record?.[field.relationshipName] : undefined
  const name = typeof parent === 'object' && parent !== null && 'Name' in parent ? parent.Name : undefined
  return typeof name === 'string' ? name : undefined
}
