import type { Phase } from '../../contract/states.ts'
import type { ConflictKind } from '../../contract/problem.ts'
import type { ToolError } from '../../contract/tool-error.ts'

/** The brain's own refusals: typed, free of HTTP; each door maps them once. */
export abstract class BrainError extends Error {
  abstract readonly code: string
}

export class IllegalTransition extends BrainError {
  readonly code = 'illegal-transition'
  readonly what: 'run' | 'decision' | 'verdict'
  readonly from: string
  readonly to: string
  constructor(what: 'run' | 'decision' | 'verdict', from: string, to: string) {
    super(`a ${what} that is ${from} cannot become ${to}`)
    this.what = what
    this.from = from
    this.to = to
  }
}

/** The record or run does not exist, or the caller may not see it: the two look the same. */
export class NotFound extends BrainError {
  readonly code = 'not-found'
  readonly what: string
  constructor(what: string) {
    super(`no ${what} that you may see`)
    this.what = what
  }
}

export class Forbidden extends BrainError {
  readonly code = 'forbidden'
  /** The permission or right that is missing, by name. */
  readonly missing: string
  constructor(message: string, missing: string) {
    super(message)
    this.missing = missing
  }
}

/** What is stored of a mission is not what an administrator activated. */
export class AlteredMission extends BrainError {
  readonly code = 'altered-mission'
  readonly part: string
  constructor(what: string, part: string) {
    super(`the stored ${part} of ${what} is not what was activated`)
    this.part = part
  }
}

/** A version that an earlier release installed, in a form this one does not run. */
export class EarlierForm extends BrainError {
  readonly code = 'earlier-form'
  constructor(what: string) {
    super(`${what} was written for an earlier release`)
  }
}

/** The row of a run was changed in the database past the brain: it is not resumed. */
export class AlteredRun extends BrainError {
  readonly code = 'altered-run'
  constructor(runId: string) {
    super(`run ${runId} was changed in the database`)
  }
}

export class InvalidInput extends BrainError {
  readonly code = 'invalid-input'
  readonly issues: { path: string; message: string }[]
  constructor(message: string, issues: { path: string; message: string }[] = []) {
    super(message)
    this.issues = issues
  }
}

/** The digest named is not that of the version now open. */
export class Stale extends BrainError {
  readonly code = 'stale'
  readonly version: number
  readonly digest: string
  constructor(message: string, version: number, digest: string) {
    super(message)
    this.version = version
    this.digest = digest
  }
}

/** The request does not fit the state it met, e.g. a decision that another approver has just answered. */
export class Conflict extends BrainError {
  readonly code = 'conflict'
  readonly kind: ConflictKind
  constructor(kind: ConflictKind, message: string) {
    super(message)
    this.kind = kind
  }
}

/** The contents of a run were destroyed: they can no longer be read, and nothing is added to them. */
export class ContentsErased extends BrainError {
  readonly code = 'erased'
  readonly runId: string
  /** When and by whom, in words, where the reader may know it. */
  readonly told: { at: string; by: string } | null
  constructor(runId: string, told: { at: string; by: string } | null = null) {
    super(
      told
        ? `the contents were erased on ${told.at.slice(0, 10)} by ${told.by}`
        : 'the contents of this run were erased',
    )
    this.runId = runId
    this.told = told
  }
}

/** salesforce-mcp answered with an error. `retryable` ones hold the run; the others stop it with the reason. */
export class SalesforceError extends BrainError {
  readonly code = 'salesforce'
  readonly tool: string
  readonly error: ToolError
  constructor(tool: string, error: ToolError) {
    super(`${tool}: ${error.message}`)
    this.tool = tool
    this.error = error
  }
}

/** A journalled name was asked with another request: the code or its input changed under a running run. */
export class JournalMismatch extends BrainError {
  readonly code = 'journal-mismatch'
  readonly key: string
  constructor(key: string) {
    super(`the journal holds another request under ${key}`)
    this.key = key
  }
}

/** Another worker took this run over: stop without writing. */
export class LeaseLost extends BrainError {
  readonly code = 'lease-lost'
}

/** The language model could not be reached or refused: the run holds and asks again. */
export class ModelUnavailable extends BrainError {
  readonly code = 'model-unavailable'
}

/** No record names the language model, its endpoint or the instructions: the run holds. */
export class ModelNotRecorded extends BrainError {
  readonly code = 'model-not-recorded'
}

/** salesforce-mcp did not throw its switch: the brain's own stands as it was set. */
export class SwitchNotThrown extends BrainError {
  readonly code = 'switch-not-thrown'
  /** The position that salesforce-mcp was asked for. */
  readonly stopped: boolean
  constructor(stopped: boolean, reason: string) {
    super(reason)
    this.stopped = stopped
  }
}

/** A run came to the end of what its mission allows it before it could propose anything. */
export class OverLimit extends BrainError {
  readonly code = 'over-limit'
  /** In words, e.g. `12 Salesforce calls`. */
  readonly limit: string
  constructor(limit: string) {
    super(`the mission's limit of ${limit} is reached`)
    this.limit = limit
  }
}

/** The mission limits what language models may cost, and the settings name no price: the run holds. */
export class PriceUnknown extends BrainError {
  readonly code = 'price-unknown'
  constructor() {
    super('the price of the language model is not set')
  }
}

/** An administrator stopped everything: the run holds before it asks anything of the world. */
export class AllStopped extends BrainError {
  readonly code = 'all-stopped'
  constructor() {
    super('all work is stopped')
  }
}

/** The runs of a mission that events start wait for an administrator: there were many more than usual. */
export class StartsStopped extends BrainError {
  readonly code = 'starts-stopped'
  constructor(mission: string) {
    super(`starts of ${mission} are stopped`)
  }
}

/** So many decisions of the mission await people that no further one may open now: the run holds. */
export class TooManyOpen extends BrainError {
  readonly code = 'too-many-open'
  readonly most: number
  constructor(most: number) {
    super(`the mission's limit of ${most} open decisions is reached`)
    this.most = most
  }
}

/** A decision about the same records was opened in the same moment: the run looks again and hangs on it. */
export class QuestionOpen extends BrainError {
  readonly code = 'question-open'
  constructor() {
    super('the same records are asked about already')
  }
}

/** The process ended or stood still each time it worked on a run, and the run never came further. */
export class BegunTooOften extends BrainError {
  readonly code = 'begun-too-often'
  readonly times: number
  constructor(times: number) {
    super(`the run was begun ${times} times and never came further`)
    this.times = times
  }
}

/** Computing a run again came to no end within its time. */
export class ReplayTooLong extends BrainError {
  readonly code = 'replay-too-long'
  readonly seconds: number
  constructor(seconds: number) {
    super(`computing the run again was ended after ${seconds} s`)
    this.seconds = seconds
  }
}

/** A replay asks what the recording does not have: the run was never there, or went another way. */
export class NotRecorded extends Error {
  readonly phase: Phase
  readonly key: string
  constructor(phase: Phase, key: string) {
    super(`${phase}/${key} is not recorded`)
    this.phase = phase
    this.key = key
  }
}

/** Stored contents that are not as they were written: edited, cut, or of another row. */
export class ContentsEdited extends Error {}
