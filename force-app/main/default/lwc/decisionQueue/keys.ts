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

/** What the help says, in the order people need it. */
export const help = [
  { key: 'J', does: 'next decision' },
  { key: 'K', does: 'previous decision' },
  { key: 'N', does: 'next gated change, which counts as seen' },
  { key: 'A', does: 'approve' },
  { key: 'R', does: 'reject, then 1 to 6 for the reason' },
  { key: 'U', does: 'take an approval back while it is held' },
  { key: 'Esc', does: 'back' },
  { key: '?', does: 'these keys' },
]

/** Single keys only, so that the browser's and Lightning's own shortcuts stay theirs. */
export function commandOf(event: KeyboardEvent, inList: boolean): Command | null {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.repeat) return null
  if (/^[1-6]$/.test(event.key)) return { do: 'reason', number: Number(event.key) }
  return commands[event.key] ?? (inList ? listCommands[event.key] : undefined) ?? null
}

/** What the decision pane can be told. */
export interface Pane extends HTMLElement {
  approve(): Promise<void>
  startReject(): void
  cancelReject(): boolean
  chooseReason(number: number): Promise<void>
  takeBack(): Promise<void>
  stepGated(direction: 1 | -1): void
  focusHeading(): void
}

/** Where the focus can go: the decision's sentence, the list, the line that names a decision. */
export const places = { heading: 'c-mission-decision', list: '[role="listbox"]', note: 'c-decision-note' }

/** Hands a command to the pane; false when it is not one for the pane. */
export function passOn(command: Command, pane: Pane): boolean {
  if (command.do === 'approve') void pane.approve()
  else if (command.do === 'reject') pane.startReject()
  else if (command.do === 'reason') void pane.chooseReason(command.number)
  else if (command.do === 'take-back') void pane.takeBack()
  else if (command.do === 'gated') pane.stepGated(command.direction)
  else if (command.do === 'into') pane.focusHeading()
  else return false
  return true
}
