import type { NewObservation } from '../domain/run.ts'
import type { PhaseFunction } from '../runs/phase.ts'

interface EnrichResult {
  /** Cited as `document vN`. */
  documents: { name: string; version: number }[]
}

/** Takes the pinned versions of the mission's knowledge; no Salesforce call. */
export const enrich: PhaseFunction = async (context) => {
  const documents = []
  const say: NewObservation[] = []
  for (const name of context.mission.definition.knowledge) {
    const { version, title } = await context.knowledge(name)
    documents.push({ name, version })
    say.push({ kind: 'read', text: [`${title} (version ${version}) applies`], citations: [`${name} v${version}`] })
  }
  const result: EnrichResult = { documents }
  return { kind: 'next', result, say }
}
