// Signs that a text of a record addresses a language model: what is found is counted and shown, and changes nothing by itself.

const SIGNS: Readonly<Record<string, RegExp>> = {
  /** `Ignore all previous instructions.` */
  override:
    /\b(ignore|disregard|forget|override)\b[^.\n"]{0,40}\b(instructions?|rules?|prompts?|policies|guidelines)\b/i,
  /** `You are now …`, `act as the administrator` */
  role: /\b(you are now|act as|pretend to be|from now on you)\b/i,
  /** `Reveal your system prompt.` */
  extraction: /\b(reveal|repeat|print|show|output)\b[^.\n"]{0,30}\b(system prompt|your (prompt|instructions|rules))\b/i,
  /** Marks with which chat templates begin a turn. */
  template: /<\|[a-z_]{2,20}\|>|\[\/?INST\]|<\/?(system|assistant)>|"?\b(system|assistant)\b"?\s*:\s*\S/i,
  /** Characters that no reader sees: tags, directions, zero width. */
  invisible: /[\u{E0000}-\u{E007F}\u202A-\u202E\u2066-\u2069\u200B\u2060]/u,
  /** A text that only a program reads. */
  encoded: /[A-Za-z0-9+/]{400,}/,
}

/** Names of the signs in the text, each once. */
export function injectionSigns(text: string): string[] {
  return Object.entries(SIGNS).flatMap(([name, sign]) => (sign.test(text) ? [name] : []))
}
