// The five phases before a person decides, for a mission whose question is `same-entity`. They read and conclude; none writes.
import type { ThinkingPhases } from '../../runs/phase.ts'
import { enrich } from './read/enrich.ts'
import { propose } from './propose/propose.ts'
import { read } from './read/read.ts'
import { reasonWith } from './reason/reason.ts'
import { rulebook } from './reason/rulebook.ts'
import { withSecondOpinion } from './reason/second-opinion.ts'
import { trigger } from './read/trigger.ts'

/** The rulebook decides; with a model, the model's opinion is shown beside it. */
export const sameEntityPhases: ThinkingPhases = {
  trigger,
  read,
  enrich,
  reason: reasonWith(withSecondOpinion(rulebook)),
  propose,
}
