// Many readers of one event stream, in a process of their own: each resumes with its last position whenever it is cut off.
import { request, type IncomingMessage } from 'node:http'
import { createInterface } from 'node:readline'
import { createParser } from 'eventsource-parser'
import { compareCursors } from '../../../server/brain/domain/cursor.ts'

interface Reader {
  token: string
  last: string | null
  /** Positions heard, in order. */
  heard: number
  /** Positions heard that were no later than the one before. */
  again: number
  answer: IncomingMessage | null
  /** The server said that it is live. */
  isLive: boolean
}

const AT_ONCE = 200
const [url = '', perToken = '1', ...tokens] = process.argv.slice(2)
const readers = tokens.flatMap((token) =>
  Array.from({ length: Number(perToken) }, (): Reader => {
    return { token, last: null, heard: 0, again: 0, answer: null, isLive: false }
  }),
)

function open(reader: Reader): Promise<void> {
  const headers = {
    authorization: `Bearer ${reader.token}`,
    ...(reader.last !== null && { 'last-event-id': reader.last }),
  }
  return new Promise((resolve) => {
    const again = () => setTimeout(() => void open(reader).then(resolve), 100)
    const asked = request(`${url}/api/v1/stream`, { headers, agent: false }, (answer) => {
      if (answer.statusCode !== 200) return void answer.resume().once('end', again)
      reader.answer = answer
      const parser = createParser({
        onEvent({ id }) {
          if (id === undefined || id === reader.last) return
          reader.again += reader.last !== null && compareCursors(id, reader.last) <= 0 ? 1 : 0
          reader.heard += 1
          reader.last = id
        },
      })
      answer.setEncoding('utf8')
      answer.on('data', (piece: string) => {
        // The position where an unbroken reader joins is no event.
        const joined = /^: live\nid: (\S+)\n\n/m.exec(piece)
        parser.feed(piece)
        if (!joined) return
        reader.last ??= joined[1]!
        reader.isLive = true
        resolve()
      })
      answer.on('error', () => undefined)
    })
    asked.on('error', () => reader.answer ?? again())
    asked.end()
  })
}

async function openAll(some: readonly Reader[]): Promise<void> {
  const waiting = [...some]
  const lane = async () => {
    for (let reader = waiting.shift(); reader; reader = waiting.shift()) await open(reader)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
}

async function cut(share: number): Promise<void> {
  const some = readers.filter(() => Math.random() < share)
  for (const reader of some) {
    reader.answer?.destroy()
    reader.answer = null
    reader.isLive = false
  }
  await openAll(some)
}

const say = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`)

for await (const line of createInterface({ input: process.stdin })) {
  const { order, share = 0 } = JSON.parse(line) as { order: 'open' | 'cut' | 'report'; share?: number }
  if (order === 'open') await openAll(readers)
  if (order === 'cut') await cut(share)
  const heard = readers.map((reader) => reader.heard)
  const [least, most] = [Math.min(...heard), heard.reduce((a, b) => Math.max(a, b), 0)]
  say({ readers: readers.length, least, most, again: readers.reduce((sum, reader) => sum + reader.again, 0) })
}
process.exit(0)
