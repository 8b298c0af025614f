// The five phases before a person decides, for a mission whose question is `same-entity`. They read and conclude; none writes.
import type { LanguageModel } from '../../ports/model.ts'
import type { ThinkingPhases } from '../../runs/phase.ts'
import { enrich } from './read/enrich.ts'
import { propose } from './propose/propose.ts'
import { read } from './read/read.ts'
import { reasonWith } from './reason/reason.ts'
import { rulebook } from './reason/rulebook.ts'
import { withSecondOpinion } from './reason/second-opinion.ts'
import { trigger } from './read/trigger.ts'

/** The rulebook decides; with a model, the model's opinion is shown beside it. */
export function sameEntityPhases(model: LanguageModel | null): ThinkingPhases {
  const reasoner = model ? withSecondOpinion(rulebook, model) : rulebook
  return { trigger, read, enrich, reason: reasonWith(reasoner), propose }
}
