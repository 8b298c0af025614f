import type { SwitchChange } from '../domain/switch.ts'

/** Values the brain keeps between starts: stream positions, watermarks, the switch. */
export interface SettingReads {
  setting(key: string): Promise<string | null>
}

export interface SettingWrites {
  setSetting(key: string, value: string): Promise<void>
  /** Sets a value unless a higher one stands. The longer text is higher, then the later one: for numbers and times of one form. */
  raiseSetting(key: string, value: string): Promise<void>
}

export interface SwitchReads {
  /** Stops and starts, newest first. */
  switchChanges(limit: number): Promise<SwitchChange[]>
  /** Those from a time on, newest first. */
  switchChangesSince(since: string): Promise<SwitchChange[]>
  /** Every setting of the switch that is stopped. */
  stopped(): Promise<string[]>
}

export interface SwitchWrites {
  /** Appends a change of the switch; its number, time and hash are made here. */
  appendSwitchChange(change: Pick<SwitchChange, 'by' | 'what' | 'isStop' | 'reason'>): Promise<SwitchChange>
}
