/** One event of a server-sent stream, complete. */
export interface StreamMessage {
  event: string
  data: string
}

/** Splits a text/event-stream into messages; give it chunks as they come. Comments (heartbeats) give none. */
export class StreamParser {
  private rest = ''
  private event = ''
  private data: string[] = []
  /** The last id on the stream so far; it counts also when no event came with it. */
  id: string | null = null

  push(chunk: string): StreamMessage[] {
    const lines = (this.rest + chunk).split(/\r\n|\n|\r(?!$)/)
    this.rest = lines.pop() ?? ''
    return lines.flatMap((line) => this.line(line))
  }

  private line(line: string): StreamMessage[] {
    if (line === '') return this.dispatch()
    const colon = line.indexOf(':')
    if (colon === 0) return []
    const name = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (name === 'event') this.event = value
    else if (name === 'data') this.data.push(value)
    else if (name === 'id' && !value.includes('\0')) this.id = value
    return []
  }

  private dispatch(): StreamMessage[] {
    const message = { event: this.event || 'message', data: this.data.join('\n') }
    const complete = this.data.length > 0 || this.event !== ''
    this.event = ''
    this.data = []
    return complete ? [message] : []
  }
}
