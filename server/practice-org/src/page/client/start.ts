import { createElement } from 'lwc'
import App from 'shell/app'
import { followLinks } from './nav/location.ts'
import { openSession } from './org/session.ts'

/** Signs in, then puts the shell on the page; says in plain words when the org cannot be reached. */
export async function start(): Promise<void> {
  try {
    await openSession()
  } catch (error) {
    const notice = document.createElement('p')
    notice.setAttribute('role', 'alert')
    notice.className = 'slds-m-around_large'
    notice.textContent = `The practice org did not let this page sign in: ${error instanceof Error ? error.message : String(error)}`
    document.body.append(notice)
    return
  }
  followLinks()
  document.body.append(createElement('shell-app', { is: App }))
}
