// What an attacker who has the database changes, and the sentence that names it.
import { lowerGate, rewriteLedger, type Attack, type Runs } from './tampering.ts'

/** Statements on the run that was written; `$rejected`, `$takenBack` and `$erased` are the others. */
const sql =
  (...statements: string[]): Attack =>
  async (pool, runs) => {
    for (const statement of statements) await pool.query(filled(statement, runs))
  }

/** The same after the triggers were dropped that keep signed versions, as the owner of the tables can. */
function unguarded(...statements: string[]): Attack {
  const dropped = [
    'drop trigger mission_version_stays on missions.mission_version',
    'drop trigger mission_version_is_kept on missions.mission_version',
    'drop trigger knowledge_version_stays on missions.knowledge_version',
    'drop trigger switch_change_stays on missions.switch_change',
  ]
  return sql(...dropped, ...statements)
}

const filled = (text: string, runs: Runs) =>
  text.replace(/\$(verified|rejected|takenBack|erased)/g, (_, name: keyof Runs) => `'${runs[name]}'`)

/** Tables of a run, for removing it whole. */
const OF_RUN = ['body', 'journal_entry', 'ledger_entry', 'ledger_head', 'decision', 'change_set_version', 'approval']
const removed = (where: string) =>
  [...OF_RUN, 'event', 'run_record', 'run_key'].map((table) => `delete from missions.${table} where run_id ${where}`)

const APPROVAL = 'select n from missions.approval where run_id = $verified'

/** Name, attack, and the sentence by which the audit names it. */
export const SHOTS: [string, Attack, RegExp][] = [
  [
    'the verdict of a run made better',
    sql(`update missions.run set verdict = 'verified' where id = $rejected`),
    /verdict is verified, its ledger has rejected/,
  ],
  [
    'the verdict of a run made worse',
    sql(`update missions.run set verdict = 'failed' where id = $verified`),
    /verdict is failed, its ledger has verified/,
  ],
  [
    'the status of a run',
    sql(`update missions.run set status = 'cancelled' where id = $verified`),
    /status is cancelled, its ledger has done/,
  ],
  [
    'the status of a decision, rejected to approved',
    sql(`update missions.decision set status = 'approved' where run_id = $rejected`),
    /decision \S+: status is approved, its ledger has rejected/,
  ],
  [
    'the status of a decision, approved to rejected',
    sql(`update missions.decision set status = 'rejected' where run_id = $verified`),
    /decision \S+: status is rejected, its ledger has approved/,
  ],
  [
    'an approval that was deleted',
    sql(`delete from missions.approval where run_id = $verified`),
    /answer \d+ \(approve of decision \S+ v1 by 005\w+\) was deleted/,
  ],
  [
    'an approval that was voided',
    sql(`update missions.approval set voided = true where run_id = $verified`),
    /answer \d+ \(approve .*\): voided is true, its ledger has false/,
  ],
  [
    'an approval whose voiding was undone',
    sql(`update missions.approval set voided = false where run_id = $takenBack and verb = 'approve'`),
    /answer \d+ \(approve .*\): voided is false, its ledger has true/,
  ],
  [
    'an approval exchanged for that of another run',
    sql(`update missions.approval set sealed =
      (select sealed from missions.approval where run_id = $takenBack and verb = 'approve') where run_id = $verified`),
    /answer \d+ \(approve .*\): its contents were changed/,
  ],
  [
    'an approval by another user',
    sql(`update missions.approval set user_id = '005AC0000000003AAA' where n = (${APPROVAL})`),
    /answer \d+ \(approve .*\): user id is 005AC0000000003AAA, its ledger has 005/,
  ],
  [
    'a rejection that was deleted',
    sql(`delete from missions.approval where run_id = $rejected`),
    /answer \d+ \(reject of decision \S+ v1 by 005\w+\) was deleted/,
  ],
  [
    'an answer that was inserted',
    sql(`insert into missions.approval (org_id, decision_id, version, run_id, user_id, verb, sealed)
      select org_id, decision_id, version, run_id, '005AC0000000003AAA', 'approve', sealed
      from missions.approval where run_id = $verified`),
    /answer \d+ \(approve of decision \S+ v1 by 005AC0000000003AAA\) was inserted/,
  ],
  [
    'a version of a change set that was deleted',
    sql(`delete from missions.change_set_version where run_id = $takenBack and version = 1`),
    /change set of decision \S+ v1 was deleted/,
  ],
  [
    'observations that were deleted',
    sql(`delete from missions.event where run_id = $verified and kind = 'observation' and phase = 'commit'`),
    /observation commit\/\S+ was deleted/,
  ],
  [
    'an observation exchanged for another',
    sql(`update missions.event set sealed = (select max(sealed) from missions.event where run_id = $rejected)
      where run_id = $verified and kind = 'observation' and phase = 'commit'`),
    /observation commit\/\S+: its contents were changed/,
  ],
  [
    'the time of an observation',
    sql(`update missions.event set at = '2020-01-01T00:00:00.000Z' where run_id = $verified and kind = 'observation'`),
    /observation \S+: time is 2020-01-01T00:00:00.000Z, its ledger has 2026/,
  ],
  [
    'the time of a journal entry',
    sql(`update missions.journal_entry set at = '2020-01-01T00:00:00.000Z' where run_id = $verified and n = 2`),
    /journal entry 2: time is 2020-01-01T00:00:00.000Z, its ledger has 2026/,
  ],
  [
    'the time a run began',
    sql(`update missions.run set started_at = '2020-01-01T00:00:00.000Z' where id = $verified`),
    /started at is 2020-01-01T00:00:00.000Z, its ledger has 2026/,
  ],
  [
    'a run that was unlinked from a record',
    sql(`delete from missions.run_record where run_id = $verified and object = 'Account'`),
    /record 001\w+ was deleted/,
  ],
  [
    'a run that was linked to another record',
    sql(`insert into missions.run_record (org_id, record_id, run_id, object)
      select org_id, '001000000000999AAA', run_id, object from missions.run_record where run_id = $verified limit 1`),
    /record 001000000000999AAA was inserted/,
  ],
  [
    'the verdict of an erased run',
    sql(`update missions.run set verdict = 'rejected' where id = $erased`),
    /verdict is rejected, its ledger has verified/,
  ],
  [
    'an entry of the ledger',
    sql(`update missions.ledger_entry set states = replace(states, 'rejected', 'verified') where run_id = $rejected`),
    /ledger entry \d+ was changed/,
  ],
  [
    'the end of a ledger, with its head',
    sql(
      `delete from missions.ledger_entry e where run_id = $rejected
        and n = (select max(n) from missions.ledger_entry where run_id = $rejected)`,
      `update missions.ledger_head h set (n, chain) = (select n, chain from missions.ledger_entry
        where run_id = $rejected order by n desc limit 1) where run_id = $rejected`,
    ),
    /its ledger has lost its end after entry \d+, checkpoint \d+ was signed over \d+ entries of that/,
  ],
  [
    'the ledger of a run, which then says it is older than ledgers',
    sql(
      `delete from missions.ledger_entry where run_id = $rejected`,
      `delete from missions.ledger_head where run_id = $rejected`,
      `update missions.run set has_ledger = false, verdict = 'verified' where id = $rejected`,
    ),
    /its ledger is lost, checkpoint \d+ was signed over \d+ entries of that/,
  ],
  [
    'a verdict, with its ledger written again, every link and the head',
    async (pool, runs) => {
      await pool.query(`update missions.run set verdict = 'verified' where id = $1`, [runs.rejected])
      await rewriteLedger(pool, runs.rejected, (states) =>
        states.map(([row, is, salt]) => [row, is.verdict === 'rejected' ? { ...is, verdict: 'verified' } : is, salt]),
      )
    },
    /ledger entry \d+: its chain was rewritten, checkpoint \d+ was signed over/,
  ],
  [
    'an approval and every trace of it, with the ledger written again',
    async (pool, runs) => {
      await pool.query(`delete from missions.approval where run_id = $1`, [runs.verified])
      await rewriteLedger(pool, runs.verified, (states) => states.filter(([row]) => !row.startsWith('answer ')))
    },
    /decision \S+ is approved, but the approvals its gate asks for are not there/,
  ],
  [
    'a gate that was lowered',
    unguarded(
      `update missions.mission_version set body = replace(body, '"needs":1', '"needs":2') where name like 'dup%'`,
    ),
    /mission \S+ v1: is not as it was when run \S+ started/,
  ],
  [
    'a gate that was lowered, with every hash and ledger written again',
    lowerGate,
    /mission \S+ v1: its activation is signed for another digest/,
  ],
  [
    'a version of a mission that was deleted',
    unguarded(`delete from missions.mission_version where name like 'dup%'`),
    /mission \S+ v1: was deleted, run \S+ started under it/,
  ],
  [
    'an activation that was taken away',
    sql(`update missions.mission_version set activation = null, activated_by = null, activated_at = null`),
    /mission duplicate\S+ v1: run \S+ started under it, but it is not active/,
  ],
  [
    'an activation by another administrator',
    sql(`update missions.mission_version set activated_by = '005AC0000000003AAA' where activation is not null`),
    /mission duplicate\S+ v1: its activation is signed for user 005/,
  ],
  [
    'an activation that nobody signed',
    sql(`update missions.mission_version set activation =
      (select activation from missions.mission_version where activation is not null) where name = 'tidy'`),
    /mission tidy v1: its activation is signed for/,
  ],
  [
    'a document that was changed',
    unguarded(`update missions.knowledge_version set source = '# Other policy'`),
    /mission tidy v1: its knowledge document policy is not what was signed/,
  ],
  [
    'a document that was deleted',
    unguarded(`delete from missions.knowledge_version`),
    /mission tidy v1: its document policy v1 was deleted/,
  ],
  [
    'a whole run that was removed',
    sql(...removed('= $rejected'), `delete from missions.run where id = $rejected`),
    /run \S+: is lost, checkpoint \d+ was signed over/,
  ],
  [
    'a whole run that was removed with the heads signed over it',
    sql(
      ...removed('= $rejected'),
      `delete from missions.run where id = $rejected`,
      `delete from missions.checkpoint_head where run_id = $rejected`,
    ),
    /checkpoint \d+: is not made of the heads kept with it/,
  ],
  [
    'another reason for a stop',
    unguarded(`update missions.switch_change set reason = 'None' where n = 1`),
    /change 1 of the switch: was changed/,
  ],
  [
    'another person for a start',
    unguarded(`update missions.switch_change set by_user = '005AC0000000003AAA' where n = 2`),
    /change 2 of the switch: was changed/,
  ],
  [
    'a stop that was removed',
    unguarded(`delete from missions.switch_change where n = 1`),
    /change 1 of the switch: is missing/,
  ],
  [
    'a stop that was ended by hand',
    sql(`update missions.setting set value = 'allowed' where key = 'writes:tidy'`),
    /the switch: writes:tidy is on, but its last change stopped it/,
  ],
  [
    'a stop that was made by hand',
    sql(
      `insert into missions.setting (org_id, key, value) select org_id, 'reads', 'stopped' from missions.run limit 1`,
    ),
    /the switch: reads is stopped, but no change of the switch says so/,
  ],
]
