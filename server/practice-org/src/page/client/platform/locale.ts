import { keptSession } from '../org/session.ts'

/** `@salesforce/i18n/locale`: the person's, `en-US`; base components read it before anybody is signed in. */
export default keptSession()?.locale ?? 'en-US'
