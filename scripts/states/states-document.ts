import type { Verdict, DecisionStatus, Phase, RunStatus } from '../../server/contract/states.ts'
import {
  DECISION_TRANSITIONS,
  PHASES,
  RUN_TRANSITIONS,
  VERDICT_TRANSITIONS,
} from '../../server/brain/domain/transitions.ts'

const PHASE_MEANS: Record<Phase, string> = {
  trigger: 'the reason for the run is recorded; a run that should not start ends here',
  read: 'the record, its candidates and their related records are read',
  enrich: 'the versions of the knowledge documents are loaded',
  reason: 'claims are made, with evidence for and against',
  propose: 'operations and the required approvers are worked out',
  decide: 'the change set is checked against the org, sealed, and opened for approval',
  commit: 'the change set is written, read back at once and after the settle time, and given a verdict',
}

const RUN_MEANS: Record<RunStatus, string> = {
  running: 'works, or waits for its own timer (the hold before the write, the settle time)',
  waiting: 'awaits approval',
  held: 'waits for the org, a limit, a lock, the model or the end of a stop of all writes; names the reason and the next try',
  paused: 'a person paused it',
  done: 'ended with a verdict',
  failed: 'ended by an error that a later try would not change',
  cancelled: 'a person cancelled it before anything was written',
}

const DECISION_MEANS: Record<DecisionStatus, string> = {
  open: 'awaits approval; a new version after drift or after taking back is open again',
  approved: 'has every approval it needs; can be taken back for HOLD_SECONDS before the write',
  rejected: 'an approver rejected it; nothing was changed',
  expired: 'no answer in time; nothing was changed',
  superseded: 'the proposal no longer applies, or the run was cancelled',
}

type VerdictName = (typeof Verdict.options)[number]

const VERDICT_MEANS: Record<VerdictName, string> = {
  verified: 'every value is as proposed; expected differences are named',
  differs: 'a value differs from the proposal, or a value nobody proposed to change has changed',
  partly: 'some transactions were written, others refused; each is named',
  unknown: 'the result of the write is unknown; check the records by hand',
  failed: 'nothing was changed',
  'nothing to do': 'there was nothing to propose',
  rejected: 'an approver rejected the change set',
  expired: 'no answer in time',
  undone:
    'a later run put back what can be put back, and was verified; the rationale names requester, approvers and what stayed',
  trial: 'a dry run, or a run of a watching version: what it would have proposed is recorded, and no person was asked',
}

/** Text of `docs/states.md`, from the tables of the code. */
export function statesDocument(): string {
  return [
    '# States',
    '',
    'Generated from `server/brain/domain/transitions.ts` by `node scripts/states.ts`; a test holds the two equal.',
    '',
    '## Phases',
    '',
    'Every run goes through these in this order, and never back.',
    '',
    ...table(
      ['Phase', 'What happens'],
      PHASES.map((phase) => [phase, PHASE_MEANS[phase]]),
    ),
    '',
    '## Run',
    '',
    ...transitions(RUN_TRANSITIONS, RUN_MEANS),
    '',
    '## Decision',
    '',
    ...transitions(DECISION_TRANSITIONS, DECISION_MEANS),
    '',
    '## Verdict',
    '',
    ...transitions(VERDICT_TRANSITIONS, VERDICT_MEANS, 'Verdict'),
    '',
  ].join('\n')
}

function transitions<S extends string>(
  next: Record<S, readonly S[]>,
  means: Record<S, string>,
  head = 'Status',
): string[] {
  const names = Object.keys(next) as S[]
  const rows = names.map((name) => {
    const others = next[name].filter((other) => other !== name)
    return [name, means[name], others.length > 0 ? others.join(', ') : '– (the end)']
  })
  return table([head, 'Means', 'May become'], rows)
}

/** A table in prettier's format, so that formatting changes nothing. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)))
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)]
}
