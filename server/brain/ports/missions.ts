import type { KnowledgeVersion, MissionVersion } from '../domain/mission.ts'

export interface MissionReads {
  activeMissions(): Promise<MissionVersion[]>
  /** The newest version of every mission, active or not, by name. */
  latestMissions(): Promise<MissionVersion[]>
  mission(name: string, version?: number): Promise<MissionVersion | null>
  knowledge(name: string, version?: number): Promise<KnowledgeVersion | null>
}

export interface MissionWrites {
  insertMission(mission: MissionVersion): Promise<void>
  activateMission(
    name: string,
    version: number,
    by: { activation: MissionVersion['activation']; userId: string; at: string },
  ): Promise<void>
  insertKnowledge(document: KnowledgeVersion): Promise<void>
}
