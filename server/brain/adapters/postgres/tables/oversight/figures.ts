import { sql, type SQL } from 'drizzle-orm'
import type { Figures, Oversight, Sample } from '../../../../ports/oversight.ts'
import { addSeconds } from '../../../../../contract/values/instant.ts'
import { SWITCH } from '../../../../domain/switch.ts'
import type { OrgSession } from '../../session/org-session.ts'

const HOUR = 3600
const WEEK_HOURS = 168

type Cell = string | number | null | undefined
type Row = Record<string, Cell>

/** Seconds since an ISO time; 0 where there is none. */
const age = (now: string, at: SQL) => sql`coalesce(extract(epoch from (${now}::timestamptz - ${at}::timestamptz)), 0)`

/** Numbers for monitoring, in a few statements. */
export function readFigures(scope: OrgSession): Pick<Oversight, 'figures'> {
  return {
    async figures() {
      const now = scope.clock.now()
      const rows = async (query: SQL) => (await scope.db().execute(query)).rows as Row[]
      const [own = {}] = await rows(ages(scope.orgId, now))
      const stopped = await rows(stops(scope.orgId))
      return {
        ...Object.fromEntries(Object.entries(own).map(([name, value]) => [name, [plain(value)]])),
        missions_stopped: stopped.map(({ what, value }) => labelled({ what }, value)),
        missions_contained: (await rows(ofMissions(scope.orgId))).map(({ what, mission }) =>
          labelled({ what, mission }, 1),
        ),
        ...modelFigures(await rows(modelCalls(scope.orgId))),
        missions_model_cost_total: (await rows(costs(scope.orgId))).map(({ cost, ...labels }) =>
          labelled(labels, cost),
        ),
        missions_model_role_tokens_total: (await rows(roles(scope.orgId))).map(({ tokens, ...labels }) =>
          labelled(labels, tokens),
        ),
        ...claimFigures(await rows(claims(scope.orgId))),
        ...volumes(await rows(started(scope.orgId, now))),
      }
    },
  }
}

const plain = (value: Cell): Sample => ({ labels: {}, value: Number(value ?? 0) })
const labelled = (labels: Row, value: Cell): Sample => ({
  labels: Object.fromEntries(Object.entries(labels).map(([name, label]) => [name, String(label)])),
  value: Number(value ?? 0),
})

const ages = (orgId: string, now: string): SQL => sql`select
  (select ${age(now, sql`min(updated_at)`)} from missions.run where org_id = ${orgId} and status = 'held')
    as missions_oldest_held_run_seconds,
  (select ${age(now, sql`min(created_at)`)} from missions.decision where org_id = ${orgId} and status = 'open')
    as missions_oldest_open_decision_seconds,
  (select count(*) from missions.run where org_id = ${orgId} and verdict = 'unknown') as missions_unknown_verdicts,
  (select count(*) from missions.outbox where org_id = ${orgId} and due_at <= now()) as missions_queue_length,
  (select ${age(now, sql`min(at)`)} from missions.event
    where org_id = ${orgId} and xid >= pg_snapshot_xmin(pg_current_snapshot())) as missions_stream_lag_seconds,
  (select coalesce(max(extract(epoch from (now() - xact_start))), 0) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()) as missions_oldest_transaction_seconds,
  (select ${age(now, sql`max(at)`)} from missions.checkpoint where org_id = ${orgId}) as missions_checkpoint_age_seconds,
  (select count(*) from missions.change_try where org_id = ${orgId} and set_aside_at is not null)
    as missions_changes_set_aside`

const stops = (orgId: string): SQL => sql`select what, coalesce(
    (select 1 from missions.setting where org_id = ${orgId} and key = what and value = 'stopped'), 0) as value
  from (values (${SWITCH.writes}), (${SWITCH.model}), (${SWITCH.reads})) as known (what)`

const ofMissions = (
  orgId: string,
): SQL => sql`select split_part(key, ':', 1) as what, split_part(key, ':', 2) as mission
  from missions.setting where org_id = ${orgId} and value = 'stopped' and (key like 'writes:%' or key like 'starts:%')`

const modelCalls = (orgId: string): SQL => sql`select mission, outcome, count(*) as calls,
    sum(input_tokens) as input, sum(output_tokens) as output, sum(milliseconds) / 1000.0 as seconds,
    sum(injection_signs) as signs,
    count(*) filter (where answered is not null and answered <> asked and not starts_with(answered, asked || '-')) as others
  from missions.model_call where org_id = ${orgId} group by mission, outcome`

const costs = (orgId: string): SQL => sql`select mission, currency, sum(cost_micros) / 1000000.0 as cost
  from missions.model_call where org_id = ${orgId} and currency is not null group by mission, currency`

const roles = (
  orgId: string,
): SQL => sql`select coalesce(role, 'none') as role, sum(input_tokens + output_tokens) as tokens
  from missions.model_call where org_id = ${orgId} group by role`

function modelFigures(rows: readonly Row[]): Figures {
  const by = (name: string, labels: (row: Row) => Row = ({ mission }) => ({ mission })): Sample[] =>
    rows.map((row) => labelled(labels(row), row[name]))
  const directed = (direction: 'input' | 'output') =>
    by(direction, ({ mission, outcome }) => ({ mission, outcome, direction }))
  const outcomes = ({ mission, outcome }: Row) => ({ mission, outcome })
  return {
    missions_model_calls_total: by('calls', outcomes),
    missions_model_seconds_total: by('seconds', outcomes),
    missions_model_tokens_total: [...directed('input'), ...directed('output')],
    missions_injection_signs_total: by('signs', outcomes),
    missions_model_answered_by_another_total: by('others', outcomes),
  }
}

const claims = (orgId: string): SQL => sql`select mission, sum(agreed) as agreed, sum(disagreed) as disagreed,
    sum(dropped) as dropped from missions.model_claims where org_id = ${orgId} group by mission`

const claimFigures = (rows: readonly Row[]): Figures => ({
  missions_model_claims_total: ['agreed', 'disagreed', 'dropped'].flatMap((claim) =>
    rows.map((row) => labelled({ mission: row['mission'] ?? '', claim }, row[claim])),
  ),
})

const started = (orgId: string, now: string): SQL => {
  const hourAgo = addSeconds(now, -HOUR)
  const weekAgo = addSeconds(now, -HOUR * (WEEK_HOURS + 1))
  return sql`select mission, count(*) filter (where started_at >= ${hourAgo}) as last_hour,
      count(*) filter (where started_at < ${hourAgo}) / ${WEEK_HOURS}::numeric as mean
    from missions.run where org_id = ${orgId} and started_at >= ${weekAgo} group by mission`
}

const volumes = (rows: readonly Row[]): Figures => ({
  missions_runs_last_hour: rows.map(({ mission, last_hour }) => labelled({ mission: mission ?? '' }, last_hour)),
  missions_runs_hourly_mean: rows.map(({ mission, mean }) => labelled({ mission: mission ?? '' }, mean)),
})
