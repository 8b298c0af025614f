import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonical } from '../../server/contract/values/canonical.ts'
import { checkpointHash, merkleRoot } from '../../server/contract/checkpoint.ts'

const hash = (...parts: (string | Buffer)[]) =>
  createHash('sha256')
    .update(Buffer.concat(parts.map(Buffer.from)))
    .digest()
const CHAIN = 'a'.repeat(64)
const head = (runId: string, entries = 1) => ({ runId, kind: 'journal' as const, entries, chain: CHAIN })
const leaf = (runId: string) => hash(Buffer.of(0), canonical({ runId, entries: 1, chain: CHAIN }))
const inner = (left: Buffer, right: Buffer) => hash(Buffer.of(1), left, right)

describe('The root of a checkpoint', () => {
  it('is built as RFC 6962 builds a tree of three', () => {
    const expected = inner(inner(leaf('a'), leaf('b')), leaf('c'))
    expect(merkleRoot([head('c'), head('a'), head('b')])).toBe(expected.toString('hex'))
  })

  it('is the same in whatever order the heads come, and another when one of them differs', () => {
    const heads = fc.uniqueArray(fc.record({ runId: fc.uuid(), entries: fc.integer({ min: 1, max: 99 }) }), {
      minLength: 1,
      maxLength: 40,
      selector: ({ runId }) => runId,
    })
    const property = fc.property(heads, fc.nat(), (some, at) => {
      const all = some.map(({ runId, entries }) => head(runId, entries))
      const changed = all.map((each, n) => (n === at % all.length ? { ...each, entries: each.entries + 1 } : each))
      expect(merkleRoot([...all].reverse())).toBe(merkleRoot(all))
      expect(merkleRoot(changed)).not.toBe(merkleRoot(all))
    })
    fc.assert(property, { numRuns: 200, seed: 1 })
  })

  it('tells the two chains of a run apart, the journal before the ledger', () => {
    const ledger = { ...head('a'), kind: 'ledger' as const }
    const second = hash(Buffer.of(0), canonical({ kind: 'ledger', runId: 'a', entries: 1, chain: CHAIN }))
    expect(merkleRoot([ledger, head('a')])).toBe(inner(leaf('a'), second).toString('hex'))
  })

  it('is refused without heads', () => {
    expect(() => merkleRoot([])).toThrow(RangeError)
  })
})

describe('The hash of a checkpoint', () => {
  const signed = {
    orgId: '00D000000000001EAA',
    n: 2,
    at: '2026-01-31T10:00:00.000Z',
    previous: 'b'.repeat(64),
    heads: 3,
    root: 'c'.repeat(64),
    key: null,
  }

  it.each(['orgId', 'n', 'at', 'previous', 'heads', 'root', 'key'] as const)('covers %s', (member) => {
    const other = { ...signed, [member]: typeof signed[member] === 'number' ? 9 : 'd'.repeat(64) }
    expect(checkpointHash(other)).not.toBe(checkpointHash(signed))
  })
})
