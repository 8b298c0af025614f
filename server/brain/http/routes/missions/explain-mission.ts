// A version in sentences, the difference between two, and both of a text that is still being written.
import { z } from 'zod'
import { NotFound } from '../../../domain/errors.ts'
import type { KnowledgeVersion, MissionVersion } from '../../../domain/mission.ts'
import { checkAgainstOrg } from '../../../missions/check-org.ts'
import { documentsOf, draftOf } from '../../../missions/draft.ts'
import { differencesBetween, type Compared } from '../../../missions/explain/differences.ts'
import { explainMission as explained } from '../../../missions/explain/explain-mission.ts'
import type { Store } from '../../../ports/store.ts'
import { Version } from '../../requests/inputs.ts'
import { route } from '../../requests/route.ts'

const VersionText = z.coerce.number().pipe(Version)
const Lines = z.array(z.string()).describe('The definition in sentences, one a line')
const Differences = z.object({
  wider: z.array(z.string()).describe('What the later version may do that the earlier may not'),
  changes: z.array(z.object({ part: z.string(), change: z.enum(['added', 'gone', 'changed']), text: z.string() })),
})

const Findings = z.array(z.object({ path: z.string(), message: z.string() }))

export const explainMission = route({
  method: 'get',
  path: '/api/v1/missions/{name}/explain',
  summary:
    'A version of a mission in sentences: what starts it, what it reads, asks and may propose, and who must answer',
  query: z.strictObject({ version: VersionText.optional() }),
  answers: z.object({ name: z.string(), version: z.number(), lines: Lines }),
  async handle({ store }, { param, query }) {
    const mission = await versionOf(store, param('name'), query.version)
    const lines = linesOf(mission, await documentsOf(store, mission))
    return { name: mission.name, version: mission.version, lines }
  },
})

export const diffMission = route({
  method: 'get',
  path: '/api/v1/missions/{name}/diff',
  summary:
    'What a version of a mission says otherwise than another; without versions: the newest beside the active one',
  query: z.strictObject({ from: VersionText.optional(), to: VersionText.optional() }),
  answers: Differences.extend({ name: z.string(), from: z.number().nullable(), to: z.number() }),
  async handle({ store }, { param, query }) {
    const to = await versionOf(store, param('name'), query.to)
    const from = query.from ? await versionOf(store, to.name, query.from) : await activeOf(store, to.name)
    const compared = differencesBetween(from && (await withDocuments(store, from)), await withDocuments(store, to))
    return { name: to.name, from: from?.version ?? null, to: to.version, ...compared }
  },
})

const Texts = z.strictObject({
  source: z.string().min(1).max(60_000).describe('The mission’s YAML'),
  knowledge: z
    .record(z.string().max(80), z.string().max(60_000))
    .default({})
    .describe('Documents that are changed with it, by name; the others are taken as they are installed'),
})

export const checkMission = route({
  method: 'post',
  path: '/api/v1/missions/check',
  summary:
    'What is wrong with a mission’s text, each with its place; or what it says, and what became otherwise than in the active version',
  needs: ['Administer_Missions'],
  body: Texts.extend({ org: z.boolean().default(false).describe('Compares it with the org as well') }),
  answers: z.object({
    findings: Findings,
    name: z.string().nullable(),
    lines: Lines,
    against: z.number().nullable().describe('The active version that the differences are against'),
    differences: Differences.nullable(),
    orgFindings: Findings.nullable().describe('What the org lacks; null when it was not compared'),
  }),
  async handle(doors, { caller, body }) {
    const { store } = doors
    const draft = await draftOf(store, body)
    if ('findings' in draft) {
      return { findings: draft.findings, name: null, lines: [], against: null, differences: null, orgFindings: null }
    }
    const { mission, documents } = draft
    const active = await activeOf(store, mission.name)
    const before = active && (await withDocuments(store, active))
    return {
      findings: [],
      name: mission.name,
      lines: linesOf(mission, documents),
      against: active?.version ?? null,
      differences: before && differencesBetween(before, { mission, documents }),
      orgFindings: body.org
        ? await checkAgainstOrg(doors, draft, { file: 'mission.yaml', userId: caller.userId })
        : null,
    }
  },
})

function linesOf(mission: MissionVersion, documents: ReadonlyMap<string, KnowledgeVersion>): string[] {
  return explained(mission, Object.fromEntries([...documents.values()].map(({ name, title }) => [name, title])))
}

/** Throws NotFound. */
async function versionOf(store: Store, name: string, version?: number): Promise<MissionVersion> {
  const mission = await store.mission(name, version)
  if (!mission) throw new NotFound('mission')
  return mission
}

async function activeOf(store: Store, name: string): Promise<MissionVersion | null> {
  return (await store.activeMissions()).find((each) => each.name === name) ?? null
}

const withDocuments = async (store: Store, mission: MissionVersion): Promise<Compared> => ({
  mission,
  documents: await documentsOf(store, mission),
})

export const checkInstalled = route({
  method: 'get',
  path: '/api/v1/missions/{name}/org-check',
  summary: 'What the org lacks of what an installed version names, before it is activated',
  needs: ['Administer_Missions'],
  query: z.strictObject({ version: VersionText.optional() }),
  answers: z.object({ name: z.string(), version: z.number(), findings: Findings }),
  async handle(doors, { caller, param, query }) {
    const mission = await versionOf(doors.store, param('name'), query.version)
    const documents = await documentsOf(doors.store, mission)
    const where = { file: `${mission.name}.yaml`, userId: caller.userId }
    const findings = await checkAgainstOrg(doors, { mission, documents }, where)
    return { name: mission.name, version: mission.version, findings }
  },
})
