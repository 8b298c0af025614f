import type { DecisionSummary, ErasedDecision } from '../../../contract/http.ts'
import type { DecisionStatus, Risk, Verdict } from '../../../contract/states.ts'
import { decisionSummary } from '../../decisions/view/decision-view.ts'
import type { Decision } from '../../domain/decision.ts'
import type { SessionCaller } from '../requests/caller.ts'
import type { RouteContext } from '../requests/route-context.ts'
import { erasedDecisions } from './erased.ts'
import { seenDecisions } from './seen-decisions.ts'
import { visiblePage, type VisibleRow } from './visible-page.ts'

interface DecisionsAsked {
  status?: DecisionStatus | undefined
  record?: string | undefined
  mission?: string | undefined
  risk?: Risk | undefined
  past?: boolean
  from?: string | undefined
  to?: string | undefined
  verdict?: Verdict | undefined
  user?: string | undefined
  before?: string | undefined
  limit: number
}

interface DecisionsPage {
  items: DecisionSummary[]
  erased: ErasedDecision[]
  next: string | null
}

type Entry = { summary: DecisionSummary } | { erased: ErasedDecision }

/** A page of decisions, erased ones among them, that the caller may see. */
export async function visibleDecisions(
  doors: RouteContext,
  caller: SessionCaller,
  asked: DecisionsAsked,
): Promise<DecisionsPage> {
  const { before, limit, ...filter } = asked
  const { items, next } = await visiblePage<Decision, Entry>(
    { before, limit },
    {
      read: (page) => doors.store.decisions({ ...filter, ...page }),
      visible: (rows) => entriesOf(doors, caller, rows, asked),
    },
  )
  return {
    items: items.flatMap((entry) => ('summary' in entry ? [entry.summary] : [])),
    erased: items.flatMap((entry) => ('erased' in entry ? [entry.erased] : [])),
    next,
  }
}

async function entriesOf(
  doors: RouteContext,
  caller: SessionCaller,
  decisions: readonly Decision[],
  { record, risk }: DecisionsAsked,
): Promise<VisibleRow<Entry>[]> {
  const seen = await seenDecisions(doors, caller, decisions, record)
  const open = seen.map(({ facts, access }) => decisionSummary(facts, access))
  const summaries = new Map(open.map((summary) => [summary.id, summary]))
  const rest = await erasedDecisions(doors, caller, decisions, record)
  const erased = new Map(rest.map((left) => [left.id, left]))
  return decisions.flatMap(({ id }): VisibleRow<Entry>[] => {
    const [summary, left] = [summaries.get(id), erased.get(id)]
    if (summary) return [{ id, item: risk === undefined || summary.risk === risk ? { summary } : null }]
    // An erased decision has no risk left.
    return left ? [{ id, item: risk === undefined ? { erased: left } : null }] : []
  })
}
