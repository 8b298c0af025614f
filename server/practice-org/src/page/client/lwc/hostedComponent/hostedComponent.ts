import { LightningElement, api } from 'lwc'
import { components } from 'practice:components'

type ComponentClass = typeof LightningElement

/**
 * One component of the deployed package on a region of a page. As Lightning App Builder does, it hands over only the
 * properties the component declares, and a component that fails takes only its own place down.
 */
export default class HostedComponent extends LightningElement {
  /** The bundle's name, e.g. `accountMap`. */
  @api name: string | null = null
  @api recordId: string | undefined
  @api objectApiName: string | undefined
  /** SMALL, MEDIUM or LARGE. */
  @api flexipageRegionWidth = 'MEDIUM'
  component: ComponentClass | undefined
  trouble = ''

  async connectedCallback(): Promise<void> {
    if (this.name === null) return
    const entry = components[this.name]
    if (!entry) {
      this.trouble = `The component c:${this.name} is not deployed to this org.`
      return
    }
    this.component = (await entry.load()).default
  }

  get given(): Record<string, unknown> {
    const { recordId, objectApiName, flexipageRegionWidth } = this
    const all = Object.entries({ recordId, objectApiName, flexipageRegionWidth })
    return Object.fromEntries(all.filter(([name]) => this.component && name in this.component.prototype))
  }

  errorCallback(error: Error): void {
    this.component = undefined
    this.trouble = `The component c:${this.name} stopped working: ${error.message}`
    console.error(error)
  }
}
