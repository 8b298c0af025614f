import { LightningElement, api } from 'lwc'
import { describe, selection, visible, type FieldInfo } from '../../org/describe.ts'
import { LAYOUTS } from '../../org/objects.ts'
import { literal, OrgRefusal, query, type OrgRecord } from '../../org/rest.ts'
import { RECORDS_CHANGED } from '../../platform/record-api.ts'

const SHOWN = 10

/** The records of one object that look up to this one. */
export default class RelatedList extends LightningElement {
  @api label = ''
  @api objectApiName = ''
  @api lookup = ''
  @api fieldNames: string[] = []
  @api parentId = ''
  fields: FieldInfo[] = []
  records: OrgRecord[] = []
  total = 0
  trouble = ''
  readonly #changed = (): void => void this.load()

  connectedCallback(): void {
    window.addEventListener(RECORDS_CHANGED, this.#changed)
    void this.load()
  }

  disconnectedCallback(): void {
    window.removeEventListener(RECORDS_CHANGED, this.#changed)
  }

  get icon(): string {
    return LAYOUTS[this.objectApiName]?.icon ?? 'standard:default'
  }

  get heading(): string {
    return `${this.label} (${this.total > SHOWN ? `${SHOWN} of ${this.total}` : this.total})`
  }

  async load(): Promise<void> {
    try {
      this.fields = visible(await describe(this.objectApiName), this.fieldNames)
      const where = `WHERE ${this.lookup} = ${literal(this.parentId)}`
      const [page, count] = await Promise.all([
        query(`SELECT ${selection(this.fields)} FROM ${this.objectApiName} ${where} ORDER BY Id DESC LIMIT ${SHOWN}`),
        query(`SELECT COUNT() FROM ${this.objectApiName} ${where}`),
      ])
      this.records = page.records
      this.total = count.totalSize
      this.trouble = ''
    } catch (error) {
      this.trouble = error instanceof OrgRefusal ? error.message : String(error)
    }
  }
}
