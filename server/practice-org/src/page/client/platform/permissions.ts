import { session } from '../org/session.ts'

/** The value of `@salesforce/customPermission/<name>`: `true`, or undefined where the user does not hold it. */
export function permission(name: string): true | undefined {
  return session().permissions.includes(name) ? true : undefined
}
