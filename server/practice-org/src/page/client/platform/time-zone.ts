import { keptSession } from '../org/session.ts'

/** `@salesforce/i18n/timeZone`: the person's, else the browser's. */
export default keptSession()?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone
