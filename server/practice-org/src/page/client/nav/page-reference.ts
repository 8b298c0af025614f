/** Where somebody is or wants to go, in the words of `lightning/navigation`. */
export interface PageReference {
  type: string
  attributes: Record<string, string | undefined>
  state: Record<string, string | undefined>
}

/** The reference of a record's page; `actionName` is `view` or `edit`. */
export function recordPage(objectApiName: string, recordId: string, actionName = 'view'): PageReference {
  return { type: 'standard__recordPage', attributes: { objectApiName, recordId, actionName }, state: {} }
}

/** The reference of an object's page; `actionName` is `list` or `new`. */
export function objectPage(objectApiName: string, actionName = 'list'): PageReference {
  return { type: 'standard__objectPage', attributes: { objectApiName, actionName }, state: {} }
}

/** The reference of an app page or a home page. */
export function tabPage(apiName: string): PageReference {
  return { type: 'standard__navItemPage', attributes: { apiName }, state: {} }
}

/** Reads the address of a Lightning page; unknown addresses are `practice__notFound`. */
export function parseAddress(address: string): PageReference {
  const url = new URL(address, 'http://localhost')
  const [area, name, ...rest] = url.pathname.replace(/^\/lightning\/?/, '').split('/')
  const reference = pageOf(area || 'page', name || 'home', rest.map(decodeURIComponent))
  return { ...reference, state: Object.fromEntries(url.searchParams) }
}

function pageOf(area: string, name: string, rest: string[]): PageReference {
  if (area === 'page') return { type: 'standard__namedPage', attributes: { pageName: name }, state: {} }
  if (area === 'o') return objectPage(name, rest[0] ?? 'list')
  if (area === 'n') return tabPage(name)
  // `/lightning/r/<id>/view` is as good an address as `/lightning/r/Account/<id>/view`.
  if (area === 'r' && /^\w{15}(\w{3})?$/.test(name) && !/^\w{15}/.test(rest[0] ?? ''))
    return { type: 'standard__recordPage', attributes: { recordId: name, actionName: rest[0] ?? 'view' }, state: {} }
  if (area === 'r' && rest[0]) return recordPage(name, rest[0], rest[1] ?? 'view')
  return { type: 'practice__notFound', attributes: {}, state: {} }
}

/** The address of a page reference, as an org writes it. Throws on a type this page does not have. */
export function addressOf(reference: PageReference): string {
  const address = `${pathOf(reference)}${queryOf(reference.state ?? {})}`
  return reference.type === 'standard__webPage' ? (reference.attributes.url ?? '') : address
}

function pathOf({ type, attributes }: PageReference): string {
  const { objectApiName, recordId, actionName, apiName, pageName } = attributes
  switch (type) {
    case 'standard__recordPage':
      return ['/lightning/r', objectApiName, recordId, actionName ?? 'view'].filter(Boolean).join('/')
    case 'standard__objectPage':
      return `/lightning/o/${objectApiName}/${actionName ?? 'list'}`
    case 'standard__navItemPage':
      return `/lightning/n/${apiName}`
    case 'standard__namedPage':
      return `/lightning/page/${pageName}`
    case 'standard__webPage':
      return ''
    default:
      throw new Error(`No page of type ${type}`)
  }
}

function queryOf(state: PageReference['state']): string {
  const entries = Object.entries(state).filter((entry): entry is [string, string] => entry[1] !== undefined)
  const query = new URLSearchParams(entries).toString()
  return query ? `?${query}` : ''
}
