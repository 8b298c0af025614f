import { expect, it } from 'vitest'
import { loadCatalog } from '../../../server/brain/missions/catalog.ts'
import { installCatalog } from '../../../server/brain/missions/install-catalog.ts'
import { onEachDatabase } from '../store/databases.ts'

onEachDatabase('the catalogue', (opened) => {
  it('is installed once by processes that start at the same time, and none of them fails', async () => {
    const { store, other } = opened()
    const catalog = await loadCatalog()
    await Promise.all([store, other, store, other].map((each) => installCatalog(each, catalog)))
    const installed = (await store.latestMissions()).map(({ name, version }) => ({ name, version }))
    expect(installed).toEqual(catalog.missions.map(({ name }) => ({ name, version: 1 })))
  })
})
