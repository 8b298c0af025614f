import { formatLabel, sharedLabels } from 'c/missionWords'
import { markInvisible, markInvisibleIn } from 'c/visibleText'
import type { Problem } from '../../../../../server/contract/problem.ts'
import { labels } from './labels'

/** The brain refused: its problem document, e.g. 409 for a stale digest, 403 naming the missing right. */
export class BrainProblem extends Error {
  readonly status: number
  readonly type: string
  readonly title: string
  readonly detail: string
  readonly problem: Problem
  constructor(problem: Problem) {
    super(problem.detail || problem.title)
    this.name = 'BrainProblem'
    this.status = problem.status
    this.type = problem.type
    this.title = problem.title
    this.detail = problem.detail || problem.title
    this.problem = problem
  }
}

/** Apex refused to sign: a permission or right is missing, or the session is one of "Log in as". */
export class OrgRefusal extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'OrgRefusal'
  }
}

/** No answer came back: it is not known whether the request arrived. */
export class NoAnswer extends Error {
  constructor() {
    super(labels.noAnswer)
    this.name = 'NoAnswer'
  }
}

const loadErrors = {
  decisions: { failed: labels.decisionsFailed, forbidden: labels.decisionsForbidden },
  pastDecisions: { failed: labels.pastFailed, forbidden: labels.pastForbidden },
  runs: { failed: labels.runsFailed, forbidden: labels.runsForbidden },
  replay: { failed: labels.replayFailed, forbidden: labels.replayForbidden },
}

/** The message of an error, or that it is unexpected. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : sharedLabels.unexpectedError
}

/** Why a part of the screen could not be loaded, as a sentence. */
export function loadErrorText(what: keyof typeof loadErrors, error: unknown): string {
  const isForbidden = error instanceof BrainProblem && error.status === 403
  return formatLabel(loadErrors[what][isForbidden ? 'forbidden' : 'failed'], messageOf(error))
}

/** Reads a problem document; an answer that carries none still becomes one with its HTTP status. */
export async function problemFrom(response: Response): Promise<BrainProblem> {
  const plain = {
    type: 'about:blank',
    title: formatLabel(labels.httpStatus, String(response.status)),
    status: response.status,
    detail: '',
  }
  try {
    const body: unknown = markInvisibleIn(await response.json())
    const members = body && typeof body === 'object' ? body : {}
    return new BrainProblem({ ...plain, ...members, status: response.status })
  } catch {
    return new BrainProblem(plain)
  }
}

/** Apex errors reach a component as `{ body: { message } }`. */
export function refusalFrom(error: unknown): OrgRefusal {
  const body = error && typeof error === 'object' && 'body' in error ? error.body : null
  const message = body && typeof body === 'object' && 'message' in body ? body.message : null
  return new OrgRefusal(typeof message === 'string' ? markInvisible(message) : labels.notSigned)
}
