import type { Org } from '../org/org.ts'
import { refusal } from '../wire/http/errors.ts'

const WRITES = ['create', 'update', 'upsert', 'delete', 'undelete', 'purge', 'merge', 'convertLead'] as const

/** The same org, seen while someone else holds its rows: every write fails with UNABLE_TO_LOCK_ROW. */
export function lockedOrg(org: Org): Org {
  const refuse = (): never => {
    throw refusal.locked(null)
  }
  return new Proxy(org, {
    get(target, name) {
      if (WRITES.some((write) => write === name)) return refuse
      const member: unknown = Reflect.get(target, name, target)
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
}
