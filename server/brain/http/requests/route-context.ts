import type { ReceiptsOfOpened } from '../../decisions/strays/receipts-of-opened.ts'
import type { Visibility } from '../../visibility/visibility.ts'
import type { BrainDeps } from './deps.ts'
import type { EventFeed } from './feed.ts'
import type { HttpMetrics } from './metrics.ts'
import type { OpenStreams } from './open-streams.ts'
import type { RefusalStreaks } from './refusal-streaks.ts'

/** Context of the routes: the dependencies, and what the doors share. */
export interface RouteContext extends BrainDeps {
  visibility: Visibility
  receipts: ReceiptsOfOpened
  feed: EventFeed
  streams: OpenStreams
  counts: HttpMetrics
  streaks: RefusalStreaks
}
