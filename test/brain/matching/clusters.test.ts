import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blocksOf } from '../../../server/brain/matching/blocking/blocks.ts'
import { clustersOf, type PairVerdict } from '../../../server/brain/matching/clusters/clusters.ts'

/** Two companies of three records each, and one false link between them. */
const links = [
  { a: 0, b: 1, score: 0.99 },
  { a: 1, b: 2, score: 0.98 },
  { a: 0, b: 2, score: 0.97 },
  { a: 3, b: 4, score: 0.99 },
  { a: 4, b: 5, score: 0.98 },
  { a: 3, b: 5, score: 0.97 },
  { a: 2, b: 3, score: 0.9 },
]
const verdictIn =
  (same: readonly { a: number; b: number }[], others: PairVerdict) =>
  (x: number, y: number): PairVerdict =>
    same.some(({ a, b }) => (a === x && b === y) || (a === y && b === x)) ? 'same' : others

describe('clusters', () => {
  it('are not chained by one false link', () => {
    expect(clustersOf(links, verdictIn(links, 'open'))).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ])
  })

  it('keep apart what differs from one member', () => {
    const near = [
      { a: 0, b: 1, score: 0.9 },
      { a: 1, b: 2, score: 0.8 },
    ]
    expect(clustersOf(near, (a, b) => (a + b === 2 ? 'different' : 'same'))).toEqual([[0, 1]])
  })

  it('are the same in any order of the links', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(links, { minLength: links.length }), (mixed) => {
        expect(clustersOf(mixed, verdictIn(links, 'open'))).toEqual(clustersOf(links, verdictIn(links, 'open')))
      }),
    )
  })
})

describe('blocks', () => {
  it('bring together records that share a key, each pair once', () => {
    const blocks = blocksOf([['a', 'b'], ['c'], ['b', 'a'], ['c', 'a']])
    expect([0, 1, 2, 3].map((record) => blocks.candidatesBelow(record))).toEqual([[], [], [0], [0, 1, 2]])
  })

  it('bound the candidates of a key that everyone has', () => {
    const blocks = blocksOf(Array.from({ length: 5_000 }, () => ['everyone']))
    expect(blocks.candidatesBelow(4_999).length).toBeLessThan(20)
  })
})
