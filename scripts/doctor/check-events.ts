import { status } from '@grpc/grpc-js'
import { ok, unknown, wrong, type Context, type Outcome } from './check.ts'
import { topicInfo } from './event-topics.ts'
import { OrgRefusal } from './org-session.ts'

const eventOf = (object: string) => `${object.replace(/__c$/, '__')}ChangeEvent`

/** Checks that the Pub/Sub API answers, and that the reader may subscribe to each object and platform event that starts a mission. */
export async function checkTopics({ settings, reader, watched, requests }: Context, now: Date): Promise<Outcome> {
  const endpoint = settings.SF_PUBSUB_ENDPOINT
  const refused: string[] = []
  const topics = [
    ...watched.map((object) => ({ topic: `/data/${eventOf(object)}`, right: `View All on ${object}` })),
    ...requests.map((event) => ({ topic: `/event/${event}`, right: `Read on ${event}` })),
  ]
  for (const { topic, right } of topics) {
    try {
      const { canSubscribe } = await topicInfo(endpoint, reader, topic, now)
      if (!canSubscribe) refused.push(`${reader.username} may not listen to ${topic} (${right})`)
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : null
      if (code === status.UNAVAILABLE || code === status.DEADLINE_EXCEEDED) return wrong(`${endpoint} does not answer`)
      refused.push(`${topic}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return refused.length > 0
    ? wrong(refused.join('; '))
    : ok(`${endpoint} offers ${[...watched.map(eventOf), ...requests].join(', ')}`)
}

/** Change Data Capture is a selection in Setup; a topic that is not selected is silent. */
export async function checkSelection({ reader, watched, isPractice }: Context): Promise<Outcome> {
  if (isPractice) return ok('the practice org captures every change')
  const soql = "SELECT SelectedEntity FROM PlatformEventChannelMember WHERE EventChannel = 'ChangeEvents'"
  try {
    const selected = (await reader.toolingQuery(soql)).map(({ SelectedEntity }) => String(SelectedEntity))
    const missing = watched.filter((object) => !selected.includes(eventOf(object)))
    return missing.length > 0 ? wrong(`not selected: ${missing.join(', ')}`) : ok(watched.join(', '))
  } catch (error) {
    if (!(error instanceof OrgRefusal)) throw error
    return unknown(`${reader.username} may not look at the selection (${error.code}); wanted: ${watched.join(', ')}`)
  }
}
