import { existsSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const root = new URL('../../', import.meta.url)
const text = readFileSync(new URL('docs/controls.md', root), 'utf8')
const cells = text
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .map((line) => line.split('|').map((cell) => cell.trim()))
const controls = cells
  .filter(([, id = '']) => /^(9|10|12)\.\d+\.\d+$/.test(id))
  .map(([, id = '', level = '', , state = '', evidence = '']) => ({ id, level, state, evidence }))

it('docs/controls.md has every requirement of C9, C10 and C12 once', () => {
  expect(new Set(controls.map(({ id }) => id)).size).toBe(78)
  expect(controls).toHaveLength(78)
})

it('docs/controls.md names for each tested control tests that are there, and a reason for each other', () => {
  for (const { id, state, evidence } of controls) {
    const named = [...evidence.matchAll(/`([\w./-]+)`/g)]
      .map(([, path = '']) => path)
      .filter((path) => path.includes('/'))
    expect(
      named.filter((path) => !existsSync(new URL(path, root))),
      id,
    ).toEqual([])
    if (state === 'tested') expect(named.filter((path) => /test/.test(path)).length, id).toBeGreaterThan(0)
    else expect(evidence.length, id).toBeGreaterThan(10)
  }
})

it('docs/controls.md counts its own rows', () => {
  for (const level of ['1', '2', '3']) {
    const count = (state: string) => controls.filter((each) => each.level === level && each.state === state).length
    const row = cells.find(([, first, , , , end]) => first === level && end === '')
    expect(row?.slice(2, 5), level).toEqual(
      ['tested', 'not yet', 'not applicable'].map((state) => String(count(state))),
    )
  }
})
