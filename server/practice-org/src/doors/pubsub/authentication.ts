import type { Metadata } from '@grpc/grpc-js'
import type { Org } from '../../org/org.ts'
import { signedInByToken } from '../../wire/sessions/bearer.ts'
import type { Sessions } from '../../wire/sessions/sessions.ts'
import { pubSubRefusal } from '../../topics/status.ts'

export interface AuthenticationPort {
  org: Org
  sessions: Sessions
  /** The org is made to look down. */
  isDown: () => boolean
}

export interface Authentication {
  /** Who calls; asked again before anything is sent. Throws PubSubError, OrgError for a token that is no good. */
  check(): { userId: string }
  /** Goes on with another access token of the same user. Throws PubSubError. */
  refresh(token: string): void
  /** Ends the session of the access token that is in use. */
  expire(): void
}

/** The caller of one call, by the three metadata entries every call must carry. */
export function authentication(metadata: Metadata, { org, sessions, isDown }: AuthenticationPort): Authentication {
  const entry = (name: string): string => String(metadata.get(name)[0] ?? '')
  let token = entry('accesstoken')
  let caller: string | undefined
  return {
    check: () => {
      if (isDown()) throw pubSubRefusal.down()
      if (!entry('instanceurl')) throw pubSubRefusal.auth('The instanceurl header is missing.')
      const tenant = entry('tenantid')
      if (tenant !== org.orgId && tenant !== org.orgId.slice(0, 15)) {
        throw pubSubRefusal.auth('The tenantid header does not name this org.')
      }
      caller = signedInByToken(token, sessions, org).user.id
      return { userId: caller }
    },
    refresh: (fresh) => {
      const userId = userOf(fresh, sessions, org)
      if (userId === undefined || (caller !== undefined && userId !== caller)) throw pubSubRefusal.authRefresh()
      token = fresh
    },
    expire: () => sessions.expire(token),
  }
}

function userOf(token: string, sessions: Sessions, org: Org): string | undefined {
  const session = sessions.find(token)
  return session && org.user(session.userId)?.isActive ? session.userId : undefined
}
