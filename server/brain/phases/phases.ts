// The five phases before a person decides, the same for every mission: its definition fills them in. They read and conclude; none writes.
import type { ThinkingPhases } from '../runs/phase.ts'
import { enrich } from './enrich.ts'
import { propose } from './propose.ts'
import { read } from './read.ts'
import { reason } from './reason.ts'
import { trigger } from './trigger.ts'

export const missionPhases: ThinkingPhases = { trigger, read, enrich, reason, propose }
