import { oauthRefusal } from './oauth-error.ts'

/** Every scope an org knows (`scopes_supported` of its OpenID configuration). */
export const SCOPES = [
  'id',
  'api',
  'web',
  'full',
  'chatter_api',
  'visualforce',
  'refresh_token',
  'openid',
  'profile',
  'email',
  'address',
  'phone',
  'offline_access',
  'custom_permissions',
  'wave_api',
  'eclair_api',
] as const
export type Scope = (typeof SCOPES)[number]

/** Both names of the scope that brings a refresh token; `full` does not hold it. */
const REFRESHING: readonly string[] = ['refresh_token', 'offline_access']

/**
 * The scopes a token gets: those asked for, or all of the client's when none are.
 * @param asked the `scope` parameter, separated by spaces
 * Throws OAuthError invalid_scope when the client may not have one of them.
 */
export function grantedScopes(allowed: readonly string[], asked: string | undefined): string[] {
  const wanted = [...new Set((asked ?? '').split(/\s+/).filter(Boolean))]
  if (wanted.length === 0) return [...allowed]
  if (!wanted.every((scope) => isAllowed(scope, allowed))) throw oauthRefusal.badScope()
  return wanted
}

function isAllowed(scope: string, allowed: readonly string[]): boolean {
  if (REFRESHING.includes(scope)) return bringsRefresh(allowed)
  return allowed.includes(scope) || (allowed.includes('full') && SCOPES.some((known) => known === scope))
}

export function bringsRefresh(scopes: readonly string[]): boolean {
  return scopes.some((scope) => REFRESHING.includes(scope))
}

/** For grants that never bring a refresh token. */
export function withoutRefresh(scopes: readonly string[]): string[] {
  return scopes.filter((scope) => !REFRESHING.includes(scope))
}

/** A token may be used for that: it says so itself, or is for everything. */
export function covers(scope: string, use: Scope): boolean {
  const scopes = scope.split(' ')
  return scopes.includes(use) || scopes.includes('full')
}
