import type { Grant } from '../../contract/grant.ts'
import type {
  Activation,
  DocumentOrigin,
  FirstSignature,
  KnowledgeVersion,
  MissionVersion,
  Withdrawal,
} from '../domain/mission.ts'

export interface MissionReads {
  activeMissions(): Promise<MissionVersion[]>
  /** The version that was activated last, also when it is withdrawn or its activation has ended. */
  lastActivated(name: string): Promise<MissionVersion | null>
  /** The newest version of every mission, active or not, by name. */
  latestMissions(): Promise<MissionVersion[]>
  mission(name: string, version?: number): Promise<MissionVersion | null>
  knowledge(name: string, version?: number): Promise<KnowledgeVersion | null>
}

export interface GrantReads {
  /** Grants of the 200 versions that were activated last, whether they are active or not. */
  activatedGrants(): Promise<{ hash: string; grant: Grant }[]>
}

export interface DocumentReads {
  /** Of these versions of documents, by name. */
  documentOrigins(versions: Readonly<Record<string, number>>): Promise<DocumentOrigin[]>
}

export interface MissionWrites {
  insertMission(mission: MissionVersion): Promise<void>
  /** Throws NotFound. Ends a withdrawal and the wait for a second signature. */
  activateMission(name: string, version: number, by: Activation): Promise<void>
  /** Throws NotFound. */
  signMission(name: string, version: number, signature: FirstSignature): Promise<void>
  /** Withdraws every version that was activated, and forgets signatures that wait. */
  withdrawMission(name: string, withdrawal: Withdrawal): Promise<void>
  /** Its time is set here. */
  insertKnowledge(document: KnowledgeVersion & Pick<DocumentOrigin, 'origin' | 'writer'>): Promise<void>
}
