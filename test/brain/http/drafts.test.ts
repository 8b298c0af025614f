// What a person sees of a mission before activating it: findings with places, the text in sentences, what differs and what is wider.
import { readFileSync } from 'node:fs'
import { beforeAll, expect, it } from 'vitest'
import { draftOf } from '../../../server/brain/missions/draft.ts'
import { openDoor, type Door } from './server.ts'

const text = (file: string) => readFileSync(new URL(`../missions/broken/${file}`, import.meta.url), 'utf8')
const SOURCE = text('sound.yaml')
const RULES = text('sound.md')
let door: Door

interface Checked {
  findings: { path: string; message: string }[]
  name: string | null
  lines: string[]
  against: number | null
  differences: { wider: string[]; changes: { part: string; change: string; text: string }[] } | null
}

const check = async (source: string, rules = RULES): Promise<Checked> => {
  const response = await door.post('admin', '/api/v1/missions/check', { source, knowledge: { rules } })
  expect(response.status, await response.clone().text()).toBe(200)
  return (await response.json()) as Checked
}

/** Installs a text as the next version, as the start does; active when it is to be. */
async function install(source: string, rules: string, isActive: boolean): Promise<void> {
  const draft = await draftOf(door.store, { source, knowledge: { rules } })
  if ('findings' in draft) throw new Error(JSON.stringify(draft.findings))
  const { mission, documents } = draft
  await door.store.transaction(async (tx) => {
    for (const document of documents.values())
      if (!(await tx.knowledge(document.name, document.version)))
        await tx.insertKnowledge({ ...document, origin: 'test', writer: 'test' })
    await tx.insertMission(mission)
    if (!isActive) return
    const activation = { token: 'activation', takenAt: door.clock.now(), seal: 'a'.repeat(64) }
    const signed = { activation, userId: '005000000000001AAA', at: door.clock.now(), signedFirst: null }
    await tx.activateMission(mission.name, mission.version, { ...signed, endsAt: '2100-01-01T00:00:00.000Z' })
  })
}

const WIDER = SOURCE.replace(
  'set: { Department: left.department, OwnerId: owner }',
  'set: { Department: left.department, Title: left.department, OwnerId: owner }',
)
  .replace('needs: 1, from: permission', 'needs: 2, from: permission')
  .replace('perDay: 100', 'perDay: 200')
const MORE_RULES = RULES.replace(
  '| contains former | Left         |',
  '| contains former | Left         |\n| contains late   | Left         |',
)

beforeAll(async () => {
  door = await openDoor()
})

it('shows an administrator what is wrong with a text, in mission and document, before anything is installed', async () => {
  const wrong = await check(text('misspelt-field.yaml'))
  expect(wrong).toMatchObject({ name: null, lines: [], differences: null })
  expect(wrong.findings).toEqual([
    { path: 'mission.yaml:18:7', message: 'contact.Departmnt is never read: did you mean contact.Department?' },
  ])
  expect((await check(SOURCE, text('dead-row.md'))).findings).toEqual([
    {
      path: 'rules.md:18:1',
      message: 'row 2 can never apply, since the rows above it cover its cases: move it up, or delete it',
    },
  ])
  const sound = await check(SOURCE)
  expect(sound).toMatchObject({ findings: [], name: 'contact-left', against: null, differences: null })
  expect(sound.lines).toContain('  as soon as a Contact is updated')
})

it('says what a text says otherwise than the active version, and what of it is wider', async () => {
  await install(SOURCE, RULES, true)
  expect((await check(SOURCE)).differences).toEqual({ wider: [], changes: [] })
  const { against, differences } = await check(WIDER, MORE_RULES)
  expect(against).toBe(1)
  expect(differences?.wider).toEqual(['Writes more of Contact: Title'])
  expect(differences?.changes).toEqual([
    {
      part: 'Who must answer',
      change: 'changed',
      text: 'otherwise: one person from those with the permission Decide_Missions → 2 people from those with the permission Decide_Missions',
    },
    { part: 'Limits', change: 'changed', text: 'perDay: 100 → 200' },
    { part: 'Proposes', change: 'added', text: 'update contact: Title: left.department' },
    { part: 'Document rules', change: 'added', text: 'row under “Leavers”: contains late | Left' },
  ])
})

it('compares installed versions, and explains each', async () => {
  await install(WIDER, MORE_RULES, false)
  const diff = await door.json<{ from: number; to: number; wider: string[] }>(
    'second',
    '/api/v1/missions/contact-left/diff',
  )
  expect(diff).toMatchObject({ from: 1, to: 2, wider: ['Writes more of Contact: Title'] })
  const back = await door.json<{ wider: string[] }>('second', '/api/v1/missions/contact-left/diff?from=2&to=1')
  expect(back.wider).toEqual(['“Otherwise” asks 1 of permission:Decide_Missions, it asked 2'])
  const { lines } = await door.json<{ lines: string[] }>('second', '/api/v1/missions/contact-left/explain?version=1')
  expect(lines).toContain('  rules – People who left')
  expect(lines.at(-1)).toMatch(/^Grant of version 1: [0-9a-f]{64}$/)
})

it('refuses a text from a person who administers no missions, and an unknown version', async () => {
  expect((await door.post('second', '/api/v1/missions/check', { source: SOURCE })).status).toBe(403)
  expect((await door.get('second', '/api/v1/missions/contact-left/explain?version=9')).status).toBe(404)
  expect((await door.get('second', '/api/v1/missions/gone/diff')).status).toBe(404)
})
