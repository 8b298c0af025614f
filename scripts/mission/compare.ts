import { z } from 'zod'
import type { Say } from '../shared/command-line.ts'
import type { BrainClient } from './brain-client.ts'
import type { Texts } from './check.ts'

const Differences = z.object({
  wider: z.array(z.string()),
  changes: z.array(z.object({ part: z.string(), change: z.enum(['added', 'gone', 'changed']), text: z.string() })),
})
type Differences = z.infer<typeof Differences>

const Diff = Differences.extend({ name: z.string(), from: z.number().nullable(), to: z.number() })
const Checked = z.object({
  findings: z.array(z.object({ path: z.string(), message: z.string() })),
  name: z.string().nullable(),
  lines: z.array(z.string()),
  against: z.number().nullable(),
  differences: Differences.nullable(),
})

const SIGNS = { added: '+', gone: '-', changed: '~' } as const

/** Two versions that are installed in the brain. */
export async function compareVersions(
  brain: BrainClient,
  { name, from, to }: { name: string; from?: string; to?: string },
  say: Say,
): Promise<number> {
  const query = new URLSearchParams({ ...(from !== undefined && { from }), ...(to !== undefined && { to }) })
  const diff = Diff.parse(await brain.get(`/missions/${encodeURIComponent(name)}/diff?${query}`))
  if (diff.from === null) {
    say(`No version of ${name} is active: name the one to compare with by --from`)
    return 1
  }
  say(`${name}: version ${diff.from} → ${diff.to}`)
  sayDifferences(diff, say)
  return 0
}

/** A file that is being written, beside the active version. */
export async function compareDraft(brain: BrainClient, texts: Texts, say: Say): Promise<number> {
  let worst = 0
  for (const { file, source } of texts.missions) {
    const knowledge = knowledgeOf(texts.documents, source)
    const checked = Checked.parse(await brain.post('/missions/check', { source, knowledge }))
    for (const { path, message } of checked.findings) say(`${path.replace(/^mission\.yaml/, file)} ${message}`)
    if (checked.findings.length > 0) worst = 1
    else if (!checked.differences) say(`${file}: no version of ${checked.name} is active, so all of it is new`)
    else {
      say(`${file}: version ${checked.against} of ${checked.name}, which is active → this file`)
      sayDifferences(checked.differences, say)
    }
  }
  return worst
}

/** Texts by the names that documents give themselves, of those that the mission's text names. */
export function knowledgeOf(documents: Texts['documents'], mission: string): Record<string, string> {
  const named = documents.map(({ file, source }) => [/^document:\s*(\S+)/m.exec(source)?.[1] ?? file, source] as const)
  return Object.fromEntries(named.filter(([name]) => mission.includes(name)))
}

function sayDifferences({ wider, changes }: Differences, say: Say): void {
  if (wider.length > 0) say('Wider, so two administrators have to activate it:')
  for (const each of wider) say(`  ! ${each}`)
  let part = ''
  for (const each of changes) {
    if (each.part !== part) say(each.part)
    part = each.part
    say(`  ${SIGNS[each.change]} ${each.text}`)
  }
  if (changes.length === 0) say('Nothing differs')
}
