import type { Problem } from '../../../../../server/contract/http.ts'

/** The brain refused: its problem document, e.g. 409 for a stale digest, 403 naming the missing right. */
export class BrainProblem extends Error {
  readonly status: number
  readonly title: string
  readonly detail: string
  readonly problem: Problem
  constructor(problem: Problem) {
    super(problem.detail || problem.title)
    this.name = 'BrainProblem'
    this.status = problem.status
    this.title = problem.title
    this.detail = problem.detail || problem.title
    this.problem = problem
  }
}

/** Apex refused to sign: a permission or right is missing, or somebody is logged in as another person. */
export class OrgRefusal extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'OrgRefusal'
  }
}

/** Nothing came back, so nobody knows here whether the request arrived. */
export class NoAnswer extends Error {
  constructor() {
    super('The mission service did not answer.')
    this.name = 'NoAnswer'
  }
}

/** Why a list could not be shown, in words; `what` opens the sentence: Decisions, Runs. */
export function troubleOf(what: string, error: unknown): string {
  const detail = error instanceof Error ? error.message : 'Unknown trouble.'
  const isForbidden = error instanceof BrainProblem && error.status === 403
  return isForbidden
    ? `You may not see ${what.toLowerCase()} here: ${detail}`
    : `${what} could not be loaded. ${detail}`
}

/** Reads a problem document; an answer that carries none still becomes one with its HTTP status. */
export async function problemFrom(response: Response): Promise<BrainProblem> {
  const plain = { type: 'about:blank', title: `HTTP ${response.status}`, status: response.status, detail: '' }
  try {
    const body: unknown = await response.json()
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
  return new OrgRefusal(typeof message === 'string' ? message : 'Salesforce did not sign this.')
}
