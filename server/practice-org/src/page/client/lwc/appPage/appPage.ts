import { LightningElement, api } from 'lwc'
import { page } from 'practice:page'

/** The app page: its first component wide, the others beside it. */
export default class AppPage extends LightningElement {
  @api apiName = ''

  get title(): string {
    return page.app?.label ?? ''
  }

  get regions(): { name: string; className: string; width: 'LARGE' | 'SMALL' }[] {
    return (page.app?.components ?? []).map((name, index) => ({
      name,
      className: index === 0 ? 'wide' : 'narrow',
      width: index === 0 ? 'LARGE' : 'SMALL',
    }))
  }
}
