import { LightningElement, api } from 'lwc'
import { page } from 'practice:page'
import { customFields, describe, selection, visible, type ObjectInfo } from '../../org/describe.ts'
import { fieldsFor, layoutOf, type ObjectLayout } from '../../org/objects.ts'
import { literal, query, type OrgRecord } from '../../org/rest.ts'
import { RECORDS_CHANGED } from '../../platform/record-api.ts'

/** A record's page: highlights, related lists and details, and the package's components beside them. */
export default class RecordPage extends LightningElement {
  @api objectApiName = ''
  @api recordId = ''
  info: ObjectInfo | undefined
  record: OrgRecord | undefined
  trouble = ''
  regions = page.record
  readonly #changed = (): void => void this.load()

  connectedCallback(): void {
    window.addEventListener(RECORDS_CHANGED, this.#changed)
    window.addEventListener('lightning__refresh', this.#changed)
    void this.load()
  }

  disconnectedCallback(): void {
    window.removeEventListener(RECORDS_CHANGED, this.#changed)
    window.removeEventListener('lightning__refresh', this.#changed)
  }

  get layout(): ObjectLayout | undefined {
    return layoutOf(this.objectApiName, this.record)
  }
  get sections(): ObjectLayout['sections'] {
    const sections = this.layout?.sections ?? []
    const custom = this.info ? customFields(this.info) : []
    return custom.length > 0 ? [...sections, { title: 'Custom Fields', fields: custom }] : sections
  }
  get related(): ObjectLayout['related'] {
    return this.layout?.related ?? []
  }

  async load(): Promise<void> {
    try {
      this.record = await this.read()
      this.trouble = this.record ? '' : 'It may have been deleted or merged, or you may not have access to it.'
    } catch (error) {
      this.trouble = error instanceof Error ? error.message : String(error)
    }
  }

  async read(): Promise<OrgRecord | undefined> {
    const { objectApiName: object } = this
    if (!layoutOf(object)) return undefined
    this.info = await describe(object)
    const names = fieldsFor(object, ({ nameField, highlights, sections }) => [
      nameField,
      ...highlights,
      ...sections.flatMap((section) => section.fields),
    ])
    const fields = visible(this.info, [...new Set([...names, ...customFields(this.info)])])
    const answer = await query(`SELECT ${selection(fields)} FROM ${object} WHERE Id = ${literal(this.recordId)}`)
    return answer.records[0]
  }
}
