/** The channel that wakes readers; what it says is only where to look. */
export const CHANNEL = 'missions_news'
/** `erased`: keys of runs were destroyed, so that nobody goes on holding them in memory. */
export type News = 'event' | 'outbox' | 'erased'

/** The statements that end a transaction and tell its news: one message to the database, told only if it commits. */
export const commitTelling = (news: ReadonlySet<News>): string =>
  [...[...news].map((each) => `notify ${CHANNEL}, '${each}'`), 'commit'].join('; ')
