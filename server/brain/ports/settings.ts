/** Values the brain keeps between starts: stream positions, watermarks, the switch. */
export interface SettingReads {
  setting(key: string): Promise<string | null>
}

export interface SettingWrites {
  setSetting(key: string, value: string): Promise<void>
}
