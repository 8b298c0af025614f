// The brain's MCP tools: launch a mission, read a run, list decisions. No tool decides.
import { z } from 'zod'
import { DecisionSummary, ErasedDecision, LaunchBody, ObservationView, RunView } from '../../contract/http.ts'
import { DecisionStatus } from '../../contract/states.ts'
import { Forbidden } from '../domain/errors.ts'
import type { SessionCaller } from '../http/requests/caller.ts'
import type { RouteContext } from '../http/requests/route-context.ts'
import { MissionName, OwnId, RecordId } from '../http/requests/inputs.ts'
import { parseGiven } from '../http/requests/parse-given.ts'
import { launch } from '../http/requests/launch.ts'
import { observationView, runView, union, wantedByObservation } from '../http/views/run-view.ts'
import { seenRun, sightInRun } from '../http/views/seen-runs.ts'
import { visibleDecisions } from '../http/views/visible-decisions.ts'

const MOST = 50
const MOST_OBSERVATIONS = 500

interface McpTool {
  description: string
  /** One of these permissions is enough. */
  needs: readonly string[]
  readOnly: boolean
  input: z.ZodObject
  output: z.ZodObject
  run(doors: RouteContext, caller: SessionCaller, input: unknown): Promise<Record<string, unknown>>
}

interface Spec<I extends z.ZodObject, O extends z.ZodObject> extends Omit<McpTool, 'input' | 'output' | 'run'> {
  input: I
  output: O
  run(doors: RouteContext, caller: SessionCaller, input: z.output<I>): Promise<z.input<O>>
}

function tool<I extends z.ZodObject, O extends z.ZodObject>(spec: Spec<I, O>): McpTool {
  return {
    ...spec,
    async run(doors, caller, input) {
      if (!spec.needs.some((permission) => caller.permissions.includes(permission)))
        throw new Forbidden('You lack a permission for this.', spec.needs.join(' or '))
      return spec.output.parse(await spec.run(doors, caller, parseGiven(spec.input, input, 'input')))
    },
  }
}

export const mcpTools: Readonly<Record<string, McpTool>> = {
  launchMission: tool({
    description:
      'Launches an active mission about a record. The same key gives the same run. What it proposes waits for a person.',
    needs: ['Launch_Missions', 'Administer_Missions'],
    readOnly: false,
    input: LaunchBody.extend({ mission: MissionName, key: z.string().min(8).max(128) }),
    output: z.object({ runId: z.string() }),
    run: (doors, caller, { mission, key, ...body }) => launch(doors, caller, mission, body, key),
  }),
  readRun: tool({
    description: 'Where a run stands, what it noticed and did, and its verdict.',
    needs: ['View_Missions'],
    readOnly: true,
    input: z.strictObject({ runId: OwnId }),
    output: z.object({ run: RunView, observations: z.array(ObservationView) }),
    async run(doors, caller, { runId }) {
      const { run, access } = await seenRun(doors, caller, runId)
      const observations = await doors.store.observations(run.id, null, MOST_OBSERVATIONS)
      const wanted = union(observations.map(wantedByObservation))
      const seen = await sightInRun(doors, caller, run, await doors.visibility.readAccessOf(caller.userId, wanted))
      return {
        run: runView(run, access),
        observations: observations.map((observation) => observationView(observation, seen)),
      }
    },
  }),
  listDecisions: tool({
    description:
      'Decisions that wait for a person or were answered, newest first. People answer them inside Salesforce.',
    needs: ['View_Missions'],
    readOnly: true,
    input: z.strictObject({ status: DecisionStatus.optional(), record: RecordId.optional() }),
    output: z.object({ items: z.array(DecisionSummary), erased: z.array(ErasedDecision) }),
    async run(doors, caller, filter) {
      const { items, erased } = await visibleDecisions(doors, caller, { ...filter, limit: MOST })
      return { items, erased }
    },
  }),
}
