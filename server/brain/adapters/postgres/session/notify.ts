/** The channel that wakes readers: its payload names only the table to look at. */
export const CHANNEL = 'missions_news'
/** `erased`: keys of runs were destroyed, so every process drops them from memory. */
export type Topic = 'event' | 'outbox' | 'erased'

/** The statements that end a transaction and notify: one message to the database, sent only if it commits. */
export const commitNotifying = (news: ReadonlySet<Topic>): string =>
  [...[...news].map((each) => `notify ${CHANNEL}, '${each}'`), 'commit'].join('; ')
