import { LightningElement, api } from 'lwc'
import { navigateTo } from '../../nav/location.ts'
import { recordPage } from '../../nav/page-reference.ts'
import { describe, visible, type FieldInfo, type ObjectInfo } from '../../org/describe.ts'
import { fieldsFor, layoutOf } from '../../org/objects.ts'
import { ask, OrgRefusal, type OrgFault, type OrgRecord } from '../../org/rest.ts'
import { notifyRecordUpdateAvailable } from '../../platform/record-api.ts'
import { ShowToastEvent } from '../../platform/toast-event.ts'

interface FormField extends FieldInfo {
  value: unknown
}
interface FieldElement extends HTMLElement {
  field: FieldInfo
  check(message?: string): boolean
}

/** The form that makes a record, or changes one when `recordId` is given; sends only what was changed. */
export default class RecordForm extends LightningElement {
  @api objectApiName = ''
  @api recordId: string | undefined
  info: ObjectInfo | undefined
  sections: { title: string; fields: FormField[] }[] = []
  faults: (OrgFault & { key: number })[] = []
  saving = false
  #values: Record<string, unknown> = {}

  async connectedCallback(): Promise<void> {
    try {
      this.info = await describe(this.objectApiName)
      const record = this.recordId ? await this.read(this.info) : undefined
      this.sections = this.layout(this.info, record)
    } catch (error) {
      this.show(error)
    }
    this.template?.querySelector<HTMLElement>('h2')?.focus()
  }

  get heading(): string {
    return `${this.recordId ? 'Edit' : 'New'} ${this.info?.label ?? this.objectApiName}`
  }

  read(info: ObjectInfo): Promise<OrgRecord> {
    const names = fieldsFor(this.objectApiName, ({ form }) => form.flatMap((section) => section.fields))
    const fields = visible(info, names).map((field) => field.name)
    return ask<OrgRecord>(`/sobjects/${this.objectApiName}/${this.recordId}?fields=${fields.join(',')}`)
  }

  change(event: CustomEvent<{ name: string; value: unknown }>): void {
    this.#values[event.detail.name] = event.detail.value
  }

  async save(event: Event): Promise<void> {
    event.preventDefault()
    const complete = this.elements()
      .map((element) => element.check())
      .every(Boolean)
    if (this.saving || !complete) return
    this.saving = true
    this.faults = []
    try {
      this.leave(await this.send())
    } catch (error) {
      this.show(error)
    } finally {
      this.saving = false
    }
  }

  close(): void {
    this.dispatchEvent(new CustomEvent('close'))
  }

  closeOnEscape(event: KeyboardEvent): void {
    if (event.key === 'Escape' && !event.defaultPrevented) this.close()
  }

  async send(): Promise<string> {
    const path = `/sobjects/${this.objectApiName}`
    if (this.recordId) {
      await ask(`${path}/${this.recordId}`, { method: 'PATCH', body: this.#values })
      return this.recordId
    }
    return (await ask<{ id: string }>(path, { method: 'POST', body: this.#values })).id
  }

  leave(id: string): void {
    const verb = this.recordId ? 'saved' : 'created'
    this.dispatchEvent(new ShowToastEvent({ title: `${this.info?.label} was ${verb}.`, variant: 'success' }))
    void notifyRecordUpdateAvailable([{ recordId: id }])
    navigateTo(recordPage(this.objectApiName, id), true)
  }

  show(error: unknown): void {
    const faults = error instanceof OrgRefusal ? error.faults : []
    const shown =
      faults.length > 0 ? faults : [{ message: error instanceof Error ? error.message : String(error), errorCode: '' }]
    this.faults = shown.map((fault, key) => ({ ...fault, key }))
    for (const element of this.elements()) {
      const fault = faults.find(({ fields }) => fields?.includes(element.field.name))
      if (fault) element.check(fault.message)
    }
  }

  layout(info: ObjectInfo, record: OrgRecord | undefined): { title: string; fields: FormField[] }[] {
    const may = (field: FieldInfo): boolean => (this.recordId ? field.updateable : field.createable)
    return (layoutOf(this.objectApiName, record)?.form ?? []).map(({ title, fields }) => ({
      title,
      fields: visible(info, fields)
        .filter(may)
        .map((field) => ({ ...field, value: record ? record[field.name] : startValue(field) })),
    }))
  }

  elements(): FieldElement[] {
    return [...(this.template?.querySelectorAll<FieldElement>('shell-form-field') ?? [])]
  }
}

/** What a new record's form shows before anybody typed: the org fills the same value in when it is left so. */
function startValue(field: FieldInfo): string | null {
  return field.picklistValues?.find((choice) => choice.defaultValue)?.value ?? null
}
