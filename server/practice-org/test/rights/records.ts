import type { Value } from '../../src/org/values.ts'
import type { House } from '../support/engine-harness.ts'

/** Makes records in the house of the present test; accounts are `owner`'s unless it says otherwise. */
export function recordsIn(house: () => House, owner: string) {
  const make = (by: string, object: string, fields: Record<string, Value>): string =>
    house().org.create(house().as(by), object, fields)
  return {
    idOf: (login: string): string => house().as(login).userId,
    make,
    account: (by = owner, fields: Record<string, Value> = {}): string =>
      make(by, 'Account', { Name: 'Acme', ...fields }),
    deal: (by: string, AccountId: string): string =>
      make(by, 'Opportunity', { Name: 'Deal', StageName: 'Prospecting', CloseDate: '2027-01-31', AccountId }),
  }
}
