import { session } from '../org/session.ts'

/** `@salesforce/user/Id`: 18 characters; switching users loads the page again. */
export default session().userId
