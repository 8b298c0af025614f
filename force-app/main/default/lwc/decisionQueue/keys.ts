import { labels } from './labels'

/** The command of a key. */
export type Command =
  | { do: 'next' | 'previous' | 'approve' | 'reject' | 'take-back' | 'into' | 'back' | 'help' }
  | { do: 'gated'; direction: 1 | -1 }
  | { do: 'reason'; number: number }

interface Shortcut {
  /** As the browser names it. */
  key: string
  command: Command
  /** How the list of shortcuts names the key, and what it does; left out of the list where there is none. */
  shown?: string
  does?: string
}

/** In the order people need them. */
const shortcuts: readonly Shortcut[] = [
  { key: 'j', command: { do: 'next' }, shown: 'J', does: labels.keyNext },
  { key: 'k', command: { do: 'previous' }, shown: 'K', does: labels.keyPrevious },
  { key: 'n', command: { do: 'gated', direction: 1 }, shown: 'N', does: labels.keyGated },
  { key: 'N', command: { do: 'gated', direction: -1 } },
  { key: 'a', command: { do: 'approve' }, shown: 'A', does: labels.keyApprove },
  { key: 'r', command: { do: 'reject' }, shown: 'R', does: labels.keyReject },
  { key: 'u', command: { do: 'take-back' }, shown: 'U', does: labels.keyTakeBack },
  { key: 'Escape', command: { do: 'back' }, shown: labels.escape, does: labels.keyBack },
  { key: '?', command: { do: 'help' }, shown: '?', does: labels.keyHelp },
]
const commands = new Map(shortcuts.map(({ key, command }) => [key, command]))
const listCommands: Record<string, Command> = {
  ArrowDown: { do: 'next' },
  ArrowUp: { do: 'previous' },
  ArrowRight: { do: 'into' },
  Enter: { do: 'into' },
}

/** The list of shortcuts. */
export const help = shortcuts.flatMap(({ shown, does }) => (shown && does ? [{ key: shown, does }] : []))

/** Single keys only, so that the browser's and Lightning's own shortcuts stay theirs. */
export function commandOf(event: KeyboardEvent, inList: boolean): Command | null {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.repeat) return null
  if (/^[1-6]$/.test(event.key)) return { do: 'reason', number: Number(event.key) }
  return commands.get(event.key) ?? (inList ? listCommands[event.key] : undefined) ?? null
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
