// A mission that is rolled out to a share of its records: which records those are, and how many events it left aside.
import { sha256Of } from '../../../contract/values/canonical.ts'
import type { MissionVersion } from '../../domain/mission.ts'
import type { Trigger } from '../../domain/run.ts'
import type { SettingReads } from '../../ports/settings.ts'
import type { Tx } from '../../ports/store.ts'

/** Share of the records that an administrator allows at most, from 0 to 1. */
const mostShareKey = (mission: string): string => `rollout:${mission}`
/** How many events were left aside since the mission has a share. */
export const leftAsideKey = (mission: string): string => `left-aside:${mission}`

/** Share of the records that events start runs for, from 0 to 1: of the version, or less where an administrator says so. */
export async function shareOf(reads: SettingReads, { name, definition }: MissionVersion): Promise<number> {
  const ofVersion = definition.rollout ? shareIn(definition.rollout.share) : 1
  const most = await reads.setting(mostShareKey(name))
  return most === null ? ofVersion : Math.min(ofVersion, Number(most))
}

/** 0.05 of `5%`. */
const shareIn = (text: string): number => Number(text.slice(0, -1)) / 100

/** True when an event about this record starts no run. What a person launches, and an undo, always runs. */
export async function isLeftAside(tx: Tx, mission: MissionVersion, trigger: Trigger): Promise<boolean> {
  if (trigger.launcher !== null || trigger.undo || trigger.subject === null) return false
  const share = await shareOf(tx, mission)
  if (share >= 1 || placeOf(mission.name, trigger.subject.id) < share) return false
  await tx.lockExclusively(`left aside by ${mission.name}`)
  const before = Number((await tx.setting(leftAsideKey(mission.name))) ?? 0)
  await tx.setSetting(leftAsideKey(mission.name), String(before + 1))
  return true
}

/** A place from 0 to 1 that a record keeps: with a larger share come more records, and none goes. */
const placeOf = (mission: string, recordId: string): number =>
  Number.parseInt(sha256Of([mission, recordId]).slice(0, 12), 16) / 2 ** 48
