import type { Org, User } from '../../org/org.ts'
import { oauthRefusal } from '../../wire/sessions/oauth-error.ts'

/** Who may get a token. Throws OAuthError. */
export function activeUser(org: Org, idOrUsername: string): User {
  const user = org.user(idOrUsername)
  if (!user) throw oauthRefusal.notApproved()
  if (!user.isActive) throw oauthRefusal.inactiveUser()
  return user
}
