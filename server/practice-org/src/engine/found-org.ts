// The rows a new org starts with: its people and its own choices.
import type { OrgContent } from '../content/content.ts'
import { setupValueRows } from '../schema/setup-values.ts'
import { currencyRows } from '../schema/currencies.ts'
import type { Core } from '../rules/core.ts'
import { loadInOne } from './load.ts'
import type { OrgSetup } from './org-options.ts'
import { peopleRows } from './people.ts'
import { setupRows } from './setup-rows.ts'

/** Fills an empty org; `userId` stands as the creator of what nobody created. */
export function foundOrg(core: Core, userId: string, setup: OrgSetup, content: OrgContent): void {
  const { catalog, orgId } = core
  const rows = [
    ...setupRows(catalog),
    ...peopleRows(catalog, orgId, content),
    ...setupValueRows(catalog, content.notificationTypes),
  ]
  const own = rows.find(([object]) => object === 'Organization')?.[1][0]
  if (own) Object.assign(own, setup.organization)
  loadInOne(core, [...rows, ...currencyRows(setup)], userId)
}
