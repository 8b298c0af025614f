import { LightningElement, api } from 'lwc'
import type { FieldInfo } from '../../org/describe.ts'

/** What every Lightning form control offers. */
interface Control extends HTMLElement {
  setCustomValidity(message: string): void
  reportValidity(): boolean
}

const INPUT_TYPES: Record<string, string> = {
  email: 'email',
  phone: 'tel',
  url: 'text',
  date: 'date',
  datetime: 'datetime',
  currency: 'number',
  percent: 'number',
  double: 'number',
  int: 'number',
}

/** One editable field, drawn by its type; tells its form of changes with `fieldchange`. */
export default class FormField extends LightningElement {
  @api field: FieldInfo | undefined
  @api value: unknown

  /** Shows `message` at the field, or what is missing in it; true when nothing is wrong. */
  @api check(message = ''): boolean {
    const control = this.template?.querySelector<Control>('.control')
    control?.setCustomValidity(message)
    return control?.reportValidity() ?? true
  }

  get label(): string {
    return this.field?.label ?? ''
  }
  get shown(): unknown {
    return this.value ?? (this.checkbox ? false : '')
  }
  get required(): boolean {
    return this.field?.nillable === false && !this.field.defaultedOnCreate && !this.checkbox
  }
  get picklist(): boolean {
    return this.field?.type === 'picklist'
  }
  get textarea(): boolean {
    return this.field?.type === 'textarea'
  }
  get checkbox(): boolean {
    return this.field?.type === 'boolean'
  }
  get inputType(): string {
    return INPUT_TYPES[this.field?.type ?? ''] ?? 'text'
  }
  get formatter(): string | undefined {
    return this.field?.type === 'currency' ? 'currency' : undefined
  }
  get step(): string | undefined {
    return this.inputType === 'number' && this.field?.type !== 'int' ? '0.01' : undefined
  }

  get options(): { label: string; value: string }[] {
    const choices = (this.field?.picklistValues ?? []).filter((choice) => choice.active)
    const none = this.required ? [] : [{ label: '--None--', value: '' }]
    return [...none, ...choices.map(({ label, value }) => ({ label, value }))]
  }

  change(event: CustomEvent<{ value?: string; checked?: boolean }>): void {
    this.template?.querySelector<Control>('.control')?.setCustomValidity('')
    const entered = this.checkbox ? event.detail.checked : event.detail.value
    const number = this.inputType === 'number' && entered !== '' ? Number(entered) : entered
    const detail = { name: this.field?.name ?? '', value: number === '' || number === undefined ? null : number }
    this.dispatchEvent(new CustomEvent('fieldchange', { detail }))
  }
}
