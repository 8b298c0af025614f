/** Who listens to a streaming channel: the streaming door says it, the push to generic channels asks. */
export class Presence {
  private ask: (channel: string) => string[] = () => []

  /** `ask` gives the ids of the users who listen to a channel now, each once. */
  answerBy(ask: (channel: string) => string[]): void {
    this.ask = ask
  }

  online(channel: string): string[] {
    return this.ask(channel)
  }
}
