// Lists that clients ask for to draw menus; this org has no menus of its own but one tab for each object people work with.

import type { Caller, Org } from '../../../org/org.ts'
import { ok, type RestContext, type RestRequest, type RestResponse } from '../request/request.ts'

const COLORS: Record<string, string> = { Account: '7F8DE1', Contact: 'A094ED', Lead: 'F88962', Opportunity: 'FCB95B' }
const PLAIN = '95AEC5'

interface Summary {
  name: string
  label: string
  labelPlural: string
  custom: boolean
}

function workedWith(org: Org, caller: Caller): Summary[] {
  return org
    .describeGlobal(caller)
    .filter((object) => object['layoutable'] === true)
    .map((object) => ({
      name: String(object['name']),
      label: String(object['label']),
      labelPlural: String(object['labelPlural']),
      custom: object['custom'] === true,
    }))
}

const colorsOf = (name: string) => [{ color: COLORS[name] ?? PLAIN, context: 'primary', theme: 'theme4' }]

export interface Tab {
  colors: { color: string; context: string; theme: string }[]
  custom: boolean
  iconUrl: string
  icons: never[]
  label: string
  miniIconUrl: string
  name: string
  sobjectName: string
  url: string
}

/** One tab for each object people work with. */
export function tabsOf(org: Org, caller: Caller, instanceUrl: string): Tab[] {
  return workedWith(org, caller).map(({ name, labelPlural, custom }) => ({
    colors: colorsOf(name),
    custom,
    iconUrl: '',
    icons: [],
    label: labelPlural,
    miniIconUrl: '',
    name: `standard-${name}`,
    sobjectName: name,
    url: `${instanceUrl}/lightning/o/${name}/list`,
  }))
}

/** `GET /tabs`. */
export function listTabs(_request: RestRequest, { org, caller, instanceUrl }: RestContext): RestResponse {
  return ok(tabsOf(org, caller, instanceUrl))
}

/** `GET /theme`. */
export function readTheme(_request: RestRequest, context: RestContext): RestResponse {
  return ok({
    themeItems: workedWith(context.org, context.caller).map(({ name }) => ({
      name,
      colors: colorsOf(name),
      icons: [],
    })),
  })
}

/** `GET /appMenu`. */
export function listAppMenus(_request: RestRequest, { base }: RestContext): RestResponse {
  return ok({ AppSwitcher: `${base}/appMenu/AppSwitcher`, Salesforce1: `${base}/appMenu/Salesforce1` })
}

/** `GET /appMenu/AppSwitcher`. */
export function readAppMenu(_request: RestRequest, { instanceUrl }: RestContext): RestResponse {
  const item = {
    type: 'Standard',
    content: null,
    icons: [],
    colors: colorsOf(''),
    label: 'Sales',
    url: `${instanceUrl}/lightning`,
  }
  return ok({ appMenuItems: [item] })
}

export const noList = (): RestResponse => ok([])
