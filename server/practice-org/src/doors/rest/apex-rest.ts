// The door of Apex classes that answer REST calls: this org has none.
import { Router, type Request } from 'express'
import { OrgError, type Org } from '../../org/org.ts'
import { refusal, sendError } from '../../wire/http/errors.ts'
import { signedIn } from '../../wire/sessions/bearer.ts'
import type { Sessions } from '../../wire/sessions/sessions.ts'

export interface ApexRestDoor {
  orgFor: (req: Request) => Org
  sessions: Sessions
}

/** Tells whoever is signed in that no class is mapped to the path. */
export function apexRestRouter(door: ApexRestDoor): Router {
  const router = Router()
  router.use('/services/apexrest', (req, res) => {
    try {
      signedIn(req.headers, door.sessions, door.orgFor(req))
      throw refusal.notFound('Could not find a match for URL')
    } catch (error) {
      if (!(error instanceof OrgError)) throw error
      sendError(res, error.body)
    }
  })
  return router
}
