// How a wrong or missing setting is reported: one line each, with the setting, what is wrong, and an example.
import { StartRefused } from '../contract/start-refused.ts'
import { SETTINGS, type SettingName } from './setting-table.ts'

/** Every setting that is wrong or missing. */
export class SettingsError extends StartRefused {
  readonly lines: readonly string[]

  constructor(lines: readonly string[]) {
    super([...new Set(lines)].join('\n'))
    this.name = 'SettingsError'
    this.lines = [...new Set(lines)]
  }
}

/** One line about one setting. */
export function settingLine(name: SettingName, what: string): string {
  return `${name} ${what}; set it in the environment, e.g. ${name}=${SETTINGS[name]}`
}

/** A SettingsError about one setting. */
export const wrongSetting = (name: SettingName, what: string): SettingsError =>
  new SettingsError([settingLine(name, what)])
