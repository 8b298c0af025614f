import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const PATH = /`((?:server|force-app|scripts|test|docs)(?:\/[A-Za-z0-9_.-]+)+)`/g

describe('the map of the code', () => {
  it.each(['docs/architecture.md', 'CONTRIBUTING.md'])('names only files and folders that exist in %s', (page) => {
    const named = [...readFileSync(page, 'utf8').matchAll(PATH)].map(([, path]) => path!)
    expect(named.length).toBeGreaterThan(20)
    expect(named.filter((path) => !existsSync(path))).toEqual([])
  })
})
