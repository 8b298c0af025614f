import type { Org, User } from '../../org/org.ts'

/** API locations in the identity documents; `{version}` is for the client to fill. */
function apiUrls(url: string, org: Org, user: User): Record<string, string> {
  const data = `${url}/services/data/v{version}/`
  const soap = (door: string) => `${url}/services/Soap/${door}/{version}/${org.orgId.slice(0, 15)}`
  return {
    enterprise: soap('c'),
    metadata: soap('m'),
    partner: soap('u'),
    rest: data,
    sobjects: `${data}sobjects/`,
    search: `${data}search/`,
    query: `${data}query/`,
    recent: `${data}recent/`,
    tooling_soap: soap('T'),
    tooling_rest: `${data}tooling/`,
    profile: `${url}/${user.id}`,
    feeds: `${data}chatter/feeds`,
    groups: `${data}chatter/groups`,
    users: `${data}chatter/users`,
    feed_items: `${data}chatter/feed-items`,
    feed_elements: `${data}chatter/feed-elements`,
  }
}

const LOCALE = { language: 'en_US', locale: 'en_US', utcOffset: 0 }

function names(user: User): { first: string; last: string } {
  const [first = '', ...rest] = user.name.split(' ')
  return rest.length > 0 ? { first, last: rest.join(' ') } : { first: '', last: first }
}

/**
 * Body of `/services/oauth2/userinfo`.
 * @param withPermissions the token has scope custom_permissions
 */
export function userInfo(url: string, org: Org, user: User, withPermissions: boolean): Record<string, unknown> {
  const { first, last } = names(user)
  const picture = `${url}/profilephoto/005/F`
  return {
    sub: `${url}/id/${org.orgId}/${user.id}`,
    user_id: user.id,
    organization_id: org.orgId,
    preferred_username: user.username,
    nickname: user.username.split('@')[0],
    name: user.name,
    email: user.email,
    email_verified: true,
    given_name: first,
    family_name: last,
    zoneinfo: 'Etc/UTC',
    photos: { picture, thumbnail: `${url}/profilephoto/005/T` },
    profile: `${url}/${user.id}`,
    picture,
    address: {},
    is_salesforce_integration_user: false,
    urls: apiUrls(url, org, user),
    active: user.isActive,
    user_type: 'STANDARD',
    ...LOCALE,
    updated_at: new Date(0).toISOString(),
    is_app_installed: true,
    ...(withPermissions ? { custom_permissions: permissionsOf(user) } : {}),
  }
}

/** Truth values as text, as an org writes them. */
function permissionsOf(user: User): Record<string, string> {
  return Object.fromEntries(user.customPermissions.map((name) => [name, 'true']))
}

/** Body of the identity URL `/id/<org>/<user>`. */
export function identity(url: string, org: Org, user: User): Record<string, unknown> {
  const { first, last } = names(user)
  return {
    id: `${url}/id/${org.orgId}/${user.id}`,
    asserted_user: true,
    user_id: user.id,
    organization_id: org.orgId,
    username: user.username,
    nick_name: user.username.split('@')[0],
    display_name: user.name,
    email: user.email,
    email_verified: true,
    first_name: first,
    last_name: last,
    timezone: 'Etc/UTC',
    photos: { picture: `${url}/profilephoto/005/F`, thumbnail: `${url}/profilephoto/005/T` },
    addr_street: null,
    addr_city: null,
    addr_state: null,
    addr_country: null,
    addr_zip: null,
    mobile_phone: null,
    mobile_phone_verified: false,
    is_lightning_login_user: false,
    status: { created_date: null, body: null },
    urls: apiUrls(url, org, user),
    active: user.isActive,
    user_type: 'STANDARD',
    ...LOCALE,
    last_modified_date: new Date(0).toISOString(),
  }
}
