import { LightningElement } from 'lwc'
import { page } from 'practice:page'

/** The utility bar: the app's component for it is at hand on every page. */
export default class UtilityBar extends LightningElement {
  open = false
  utility = page.utility

  get expanded(): 'true' | 'false' {
    return this.open ? 'true' : 'false'
  }

  toggle(): void {
    this.open = !this.open
    if (!this.open) this.template?.querySelector('button')?.focus()
  }
}
