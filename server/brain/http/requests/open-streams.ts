/** Most streams of one user at a time. */
const MOST_OF_ONE_USER = 10

export interface OpenStreams {
  /** Counts a stream of the user until the returned function is called; ends the user's oldest when there are too many. */
  enter(userId: string, end: () => void): () => void
}

export function openStreams(): OpenStreams {
  const users = new Map<string, Set<{ end(): void }>>()
  return {
    enter(userId, end) {
      const streams = users.get(userId) ?? new Set()
      users.set(userId, streams)
      const stream = { end }
      streams.add(stream)
      const [oldest] = streams
      if (oldest && streams.size > MOST_OF_ONE_USER) {
        streams.delete(oldest)
        oldest.end()
      }
      return () => {
        streams.delete(stream)
        if (streams.size === 0 && users.get(userId) === streams) users.delete(userId)
      }
    },
  }
}
