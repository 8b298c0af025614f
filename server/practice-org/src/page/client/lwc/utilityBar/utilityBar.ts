import { LightningElement } from 'lwc'

/** The utility bar: the Explain rail is at hand on every page. */
export default class UtilityBar extends LightningElement {
  open = false

  get expanded(): 'true' | 'false' {
    return this.open ? 'true' : 'false'
  }

  toggle(): void {
    this.open = !this.open
    if (!this.open) this.template?.querySelector('button')?.focus()
  }
}
