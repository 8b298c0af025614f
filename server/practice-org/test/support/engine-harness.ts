// An org in memory with a clock that tests move, and its people by their login.
import { openOrg } from '../../src/engine/engine.ts'
import type { OrgOptions } from '../../src/engine/org-options.ts'
import { type Caller, type Org, OrgError } from '../../src/org/org.ts'
import type { RecordJson } from '../../src/org/values.ts'

export const NOON = Date.UTC(2026, 10, 18, 12)

export interface House {
  org: Org
  as(login: string): Caller
  /** Moves the org's clock. */
  later(ms: number): void
  rows(soql: string, login?: string): RecordJson[]
}

/** @param objects a folder of more object files */
export function openHouse(file = ':memory:', objects?: URL, more: Partial<OrgOptions> = {}): House {
  let now = NOON
  const org = openOrg({ file, orgId: '00DgK0000000001UAA', now: () => now, ...(objects ? { objects } : {}), ...more })
  const as = (login: string): Caller => {
    const user = org.user(`${login}@practice.example`)
    if (!user) throw new Error(`nobody is called ${login}`)
    return { userId: user.id, api: 'rest', version: '66.0', client: 'loader' }
  }
  return {
    org,
    as,
    later: (ms) => (now += ms),
    rows: (soql, login = 'admin') => org.query(as(login), soql).records,
  }
}

/** The code of the refusal that `work` meets, or `none`. */
export function codeOf(work: () => unknown): string {
  return refusalOf(work)?.errorCode ?? 'none'
}

export function refusalOf(work: () => unknown): OrgError['body'] | undefined {
  try {
    work()
    return undefined
  } catch (error) {
    if (error instanceof OrgError) return error.body
    throw error
  }
}
