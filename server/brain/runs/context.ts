import { isWriting } from '../../contract/tool-manifest.ts'
import type { ToolInput, ToolName, ToolOutput } from '../../contract/tools.ts'
import { addSeconds } from '../../contract/values/instant.ts'
import { costOf } from '../../contract/values/money.ts'
import { NotFound, SalesforceError } from '../domain/errors.ts'
import { assertPinned } from '../domain/intact.ts'
import type { KnowledgeVersion, MissionVersion } from '../domain/mission.ts'
import type { Salesforce } from '../ports/salesforce.ts'
import type { LanguageModel, ModelQuestion } from '../ports/model.ts'
import type { MissionReads } from '../ports/missions.ts'
import type { Store } from '../ports/store.ts'
import { askModel, assertReadsOn, type AskModelDeps } from './ask-model.ts'
import type { AskModel, ModelReply, PhaseContext } from './phase.ts'
import type { Run } from '../domain/run.ts'
import type { Journal } from './journal.ts'
import { assertWithinLimits, tokensLeft } from './bounds/limits.ts'

export interface ContextDeps extends AskModelDeps {
  store: Store
  salesforce: Salesforce
  /** Null where none is set up. */
  model: LanguageModel | null
}

/** The clocks of the database and of salesforce-mcp may differ by this much. */
const CLOCKS_APART_SECONDS = 5

/** Asked about people, not about the run's records: not part of a run's calls. */
const UNCOUNTED = new Set<ToolName>(['checkVisibility', 'resolveRoster'])

function callsOf(tool: ToolName, answer: unknown): number {
  if (UNCOUNTED.has(tool) || typeof answer !== 'object' || answer === null || !('calls' in answer)) return 0
  return typeof answer.calls === 'number' ? answer.calls : 0
}

/** salesforce-mcp keeps a grant open for minutes, in memory: the next call opens it again, which looks into the register of the org. */
async function callGranted<T extends ToolName>(
  salesforce: Salesforce,
  mission: MissionVersion,
  { id: runId, trigger }: Run,
  [tool, input]: [T, ToolInput<T>],
  heldUntil: () => Promise<string>,
): Promise<ToolOutput<T>> {
  const about = { runId, ...(trigger.launcher !== null && { userId: trigger.launcher }) }
  const called = async () => {
    const notAfter = isWriting(tool) ? addSeconds(await heldUntil(), -CLOCKS_APART_SECONDS) : undefined
    return salesforce.call(tool, input, { ...about, ...(notAfter && { notAfter }) })
  }
  try {
    return await called()
  } catch (error) {
    if (!(error instanceof SalesforceError) || error.error.code !== 'not-granted') throw error
    await salesforce.call('openGrant', { grant: mission.grant }, about)
    return called()
  }
}

const tokensOf = (reply: ModelReply): number => (reply === 'off' ? 0 : reply.tokens.input + reply.tokens.output)

function costIn({ price }: LanguageModel, reply: ModelReply): { costMicros?: number; currency?: string } {
  return price && reply !== 'off' ? { costMicros: costOf(price, reply.tokens), currency: price.currency } : {}
}

/** The journalled request to a language model: another text is another question; which model answers is part of the answer. */
export const requestOf = ({ instructions, input }: ModelQuestion): { instructions: string; input: string } => ({
  instructions,
  input: input.text,
})

/** What the phase `run.phase` may use: everything from outside goes through the journal. `since`: when this stretch of work began. */
export function phaseContext(
  deps: ContextDeps,
  run: Run,
  mission: MissionVersion,
  { journal, since }: { journal: Journal; since: string },
): PhaseContext {
  const { phase } = run
  let { apiCalls, tokens, costMicros } = run
  const outside = async <T>(answer: () => Promise<T>): Promise<T> => {
    assertWithinLimits(mission, { phase, apiCalls, tokens, costMicros, since, now: deps.clock.now() })
    await assertReadsOn(deps.store)
    return answer()
  }
  const asking =
    (model: LanguageModel): AskModel =>
    (key, question) =>
      journal.ask({
        phase,
        key,
        request: requestOf(question),
        answer: () =>
          outside(async () => {
            const reply = await askModel(deps, model, {
              run,
              key,
              question,
              mostTokens: tokensLeft(mission, { tokens, costMicros }, model.price ?? null),
            })
            tokens += tokensOf(reply)
            costMicros += costIn(model, reply).costMicros ?? 0
            return reply
          }),
        used: (reply) => ({ tokens: tokensOf(reply), ...costIn(model, reply) }),
      })
  return {
    run,
    mission,
    reads: deps.store,
    ask: (key, request, answer, say) => journal.ask({ phase, key, request, answer: () => outside(answer), say }),
    tool: (key, tool, input, say) =>
      journal.ask({
        phase,
        key,
        request: [tool, input],
        answer: async () => {
          const answer = await outside(() =>
            callGranted(deps.salesforce, mission, run, [tool, input], journal.heldUntil),
          )
          apiCalls += callsOf(tool, answer)
          return answer
        },
        say,
        used: (answer) => ({ apiCalls: callsOf(tool, answer) }),
      }),
    model: deps.model && asking(deps.model),
    now: (key) => journal.ask({ phase, key, request: 'now', answer: () => Promise.resolve(deps.clock.now()) }),
    result: <T>(earlier: Run['phase']) => journal.result(earlier) as T,
    knowledge: (name) => pinnedKnowledge(deps.store, mission, name),
  }
}

/** The version of a document that the mission's version names. Throws NotFound. */
export async function pinnedKnowledge(
  reads: Pick<MissionReads, 'knowledge'>,
  mission: MissionVersion,
  name: string,
): Promise<KnowledgeVersion> {
  const document = await reads.knowledge(name, mission.knowledge[name])
  if (!document) throw new NotFound(`knowledge document ${name}`)
  assertPinned(mission, document)
  return document
}
