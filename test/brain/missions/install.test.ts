import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { loadCatalog } from '../../../server/brain/missions/catalog.ts'
import { installCatalog } from '../../../server/brain/missions/install-catalog.ts'
import { onEachDatabase } from '../store/databases.ts'

const installer = { release: '1.2.0', by: 'operator' }

onEachDatabase('the catalogue', (opened) => {
  it('is installed once by processes that start at the same time, and none of them fails', async () => {
    const { store, other } = opened()
    const catalog = await loadCatalog()
    await Promise.all([store, other, store, other].map((each) => installCatalog(each, catalog, installer)))
    const installed = (await store.latestMissions()).map(({ name, version }) => ({ name, version }))
    expect(installed).toEqual(catalog.missions.map(({ name }) => ({ name, version: 1 })))
  })

  it('keeps of each version of a document where it came from, who put it there and when', async () => {
    const { store } = opened()
    const folder = mkdtempSync(join(tmpdir(), 'missions-'))
    mkdirSync(join(folder, 'knowledge'))
    const [mission] = (await loadCatalog()).missions
    const documents = (await loadCatalog()).knowledge
    writeFileSync(join(folder, 'own.yaml'), mission?.source ?? '')
    for (const { name, source } of documents) {
      const changed = name === 'account-merge-policy' ? source.replace('\n\n', '\n\nA line of our own.\n\n') : source
      writeFileSync(join(folder, 'knowledge', `${name}.md`), changed)
    }
    await installCatalog(store, await loadCatalog(folder), { ...installer, by: 'editor' })
    const origins = await store.documentOrigins({ 'account-merge-policy': 2, 'territory-rules': 1, unknown: 1 })
    expect(origins).toMatchObject([
      {
        name: 'account-merge-policy',
        version: 2,
        origin: `file ${join(folder, 'knowledge', 'account-merge-policy.md')}`,
        writer: 'editor',
        at: expect.stringMatching(/Z$/),
      },
      { name: 'territory-rules', version: 1, origin: 'release 1.2.0: territory-rules.md', writer: 'operator' },
    ])
    rmSync(folder, { recursive: true })
  })

  it.each(['origin', 'writer', 'at'])('takes no document without its %s', async (column) => {
    const cells = {
      org_id: 'o',
      name: 'policy',
      version: 9,
      title: 'T',
      source: '#',
      origin: 'x',
      writer: 'y',
      at: 'z',
    }
    const given = Object.entries(cells).filter(([name]) => name !== column)
    const names = given.map(([name]) => name).join(', ')
    const places = given.map((_, n) => `$${n + 1}`).join(', ')
    const insert = `insert into missions.knowledge_version (${names}) values (${places})`
    const values = given.map(([, value]) => value)
    await expect(opened().pool.query(insert, values)).rejects.toThrow(/null value|not-null/)
  })
})
