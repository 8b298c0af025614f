// Every route of the brain's HTTP API.
import type { Route } from '../requests/route.ts'
import { activateMission } from './activate-mission.ts'
import { approveDecision, rejectDecision, takeBackDecision } from './answer-decision.ts'
import { getDryRun, startDryRun } from './missions/dry-run.ts'
import { backTest } from './missions/back-test.ts'
import { listUnusedGrants } from './missions/unused-grants.ts'
import { getWatch } from './missions/watch.ts'
import { eraseContents, listErasures } from './erase-contents.ts'
import { checkInstalled, checkMission, diffMission, explainMission } from './missions/explain-mission.ts'
import { explainRecord } from './explain-record.ts'
import { followStream } from './follow-stream.ts'
import { getDecision } from './get-decision.ts'
import { getEvidence } from './get-evidence.ts'
import { getMission } from './get-mission.ts'
import { getRun } from './get-run.ts'
import { launchMission } from './launch-mission.ts'
import { listDecisions } from './list-decisions.ts'
import { listInputShifts } from './list-input-shifts.ts'
import { listMissions } from './list-missions.ts'
import { listObservations } from './list-observations.ts'
import { listRegister } from './list-register.ts'
import { listRuns } from './list-runs.ts'
import { listSetAside } from './list-set-aside.ts'
import { listUsage } from './list-usage.ts'
import { replayRun } from './replay-run.ts'
import { cancelRun, pauseRun, resumeRun } from './steer-run.ts'
import { undoDecision } from './undo-decision.ts'
import { changeRollout } from './set-rollout.ts'
import { withdrawMission } from './withdraw-mission.ts'
import { getWrites, startWrites, stopWrites } from './switch-writes.ts'

export const routes: readonly Route[] = [
  listMissions,
  getMission,
  explainMission,
  diffMission,
  checkMission,
  checkInstalled,
  listUnusedGrants,
  getWatch,
  startDryRun,
  getDryRun,
  backTest,
  launchMission,
  activateMission,
  withdrawMission,
  changeRollout,
  listRuns,
  getRun,
  listObservations,
  replayRun,
  getEvidence,
  pauseRun,
  resumeRun,
  cancelRun,
  listDecisions,
  listRegister,
  getDecision,
  approveDecision,
  rejectDecision,
  takeBackDecision,
  undoDecision,
  explainRecord,
  followStream,
  getWrites,
  stopWrites,
  startWrites,
  listInputShifts,
  listUsage,
  listSetAside,
  eraseContents,
  listErasures,
]
