/** What a key asks for; null when it is none of ours. */
export type Command =
  | { do: 'next' | 'previous' | 'approve' | 'reject' | 'take-back' | 'into' | 'back' | 'help' }
  | { do: 'gated'; direction: 1 | -1 }
  | { do: 'reason'; number: number }

const commands: Record<string, Command> = {
  j: { do: 'next' },
  k: { do: 'previous' },
  a: { do: 'approve' },
  r: { do: 'reject' },
  u: { do: 'take-back' },
  n: { do: 'gated', direction: 1 },
  N: { do: 'gated', direction: -1 },
  Escape: { do: 'back' },
  '?': { do: 'help' },
}
const listCommands: Record<string, Command> = {
  ArrowDown: { do: 'next' },
  ArrowUp: { do: 'previous' },
  ArrowRight: { do: 'into' },
  Enter: { do: 'into' },
}

/** Single keys only, so that the browser's and Lightning's own shortcuts stay theirs. */
export function commandOf(event: KeyboardEvent, inList: boolean): Command | null {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.repeat) return null
  if (/^[1-6]$/.test(event.key)) return { do: 'reason', number: Number(event.key) }
  return commands[event.key] ?? (inList ? listCommands[event.key] : undefined) ?? null
}
