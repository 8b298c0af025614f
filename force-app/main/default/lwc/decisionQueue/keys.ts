import { labels } from './labels'

/** The command of a key. */
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

/** The list of shortcuts, in the order people need it. */
export const help = [
  { key: 'J', does: labels.keyNext },
  { key: 'K', does: labels.keyPrevious },
  { key: 'N', does: labels.keyGated },
  { key: 'A', does: labels.keyApprove },
  { key: 'R', does: labels.keyReject },
  { key: 'U', does: labels.keyTakeBack },
  { key: labels.escape, does: labels.keyBack },
  { key: '?', does: labels.keyHelp },
]

/** Single keys only, so that the browser's and Lightning's own shortcuts stay theirs. */
export function commandOf(event: KeyboardEvent, inList: boolean): Command | null {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.repeat) return null
  if (/^[1-6]$/.test(event.key)) return { do: 'reason', number: Number(event.key) }
  return commands[event.key] ?? (inList ? listCommands[event.key] : undefined) ?? null
}

/** The commands of the decision pane. */
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
