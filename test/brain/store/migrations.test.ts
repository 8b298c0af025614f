import { readdirSync } from 'node:fs'
import { expect, it } from 'vitest'

// A database knows only the highest number it has: a file that came later under a lower one would be left out.
it('migrations are numbered from 1 without a gap', () => {
  const names = readdirSync(new URL('../../../server/brain/adapters/postgres/migrations/', import.meta.url)).sort()
  expect(names.map((name) => Number(name.slice(0, 4)))).toEqual(names.map((_, n) => n + 1))
  expect(names.filter((name) => !/^\d{4}-[a-z0-9-]+\.sql$/.test(name))).toEqual([])
})
