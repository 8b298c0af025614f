import type { Caller, Org } from '../../org/org.ts'
import { tabsOf } from '../rest/describe/lists.ts'
import type { SoapCall } from './envelope.ts'

/** `describeTabs()`: the one app of this org. */
export function describeTabs(_call: SoapCall, org: Org, caller: Caller): unknown[] {
  const tabs = tabsOf(org, caller, '').map(({ custom, iconUrl, label, miniIconUrl, name, sobjectName, url }) => ({
    custom,
    iconUrl,
    label,
    miniIconUrl,
    name,
    sobjectName,
    url,
  }))
  return [{ label: 'Sales', logoUrl: '', namespace: '', selected: true, tabs }]
}
