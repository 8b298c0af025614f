import type { Verdict } from '../../server/contract/http.ts'
import type { DecisionStatus, Phase, RunStatus } from '../../server/contract/http.ts'
import {
  DECISION_TRANSITIONS,
  PHASES,
  RUN_TRANSITIONS,
  VERDICT_TRANSITIONS,
} from '../../server/brain/domain/transitions.ts'

const PHASE_MEANS: Record<Phase, string> = {
  trigger: 'why it started, and whether it should',
  read: 'the record, candidates, what hangs on them',
  enrich: 'the documents whose rules apply',
  reason: 'claims with evidence for and against',
  propose: 'the operations, and who must answer',
  decide: 'checked by reading, sealed, opened for people',
  commit: 'written, read back at once and after the settle time, verdict given',
}

const RUN_MEANS: Record<RunStatus, string> = {
  running: 'works, or waits for a timer of its own (hold, settle time)',
  waiting: 'waits for a person',
  held: 'waits for the world: org, limit, lock, model, or all writes stopped; says why and when it tries next',
  paused: 'a person paused it',
  done: 'ended with a verdict',
  failed: 'ended by an error that waiting does not mend',
  cancelled: 'a person cancelled it before anything was written',
}

const DECISION_MEANS: Record<DecisionStatus, string> = {
  open: 'waits for answers; a new version after drift or taking back is open as well',
  approved: 'has every approval it needs; held for HOLD_SECONDS, can be taken back',
  rejected: 'somebody said no; nothing was changed',
  expired: 'nobody answered in time; nothing was changed',
  superseded: 'the run decides anew, or was cancelled',
}

type VerdictName = (typeof Verdict.options)[number]

const VERDICT_MEANS: Record<VerdictName, string> = {
  verified: 'every field is as proposed; expected differences are named',
  differs: 'something is otherwise than proposed, or changed without having been',
  partly: 'some transactions stand, others were refused; it says which',
  unknown: 'it could not be told what was written: a person has to look',
  failed: 'nothing was changed',
  'nothing to do': 'there was nothing to propose',
  rejected: 'a person rejected the change set',
  expired: 'nobody answered in time',
  undone:
    'a later run put back what could come back, and was verified; the rationale says who asked, who approved, what stayed',
}

/** `docs/states.md`: the tables that the code itself obeys. */
export function statesDocument(): string {
  return [
    '# States',
    '',
    'Generated from `server/brain/domain/transitions.ts` by `node scripts/states.ts`; a test holds the two equal.',
    '',
    '## Phases',
    '',
    'Every run walks these, in this order, and never back.',
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

/** As prettier writes tables, so that formatting changes nothing. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)))
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)]
}
