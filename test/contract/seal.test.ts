import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SealedDocument } from '../../server/contract/change-set.ts'
import type { Operation } from '../../server/contract/operations/operation.ts'
import { digestOf as digestOnScreen } from '../../force-app/main/default/lwc/changeSetDigest/changeSetDigest.ts'
import { close, digestOf, documentOf, openLeaves } from '../../server/contract/seal.ts'

const id = fc.stringMatching(/^00[13Q][a-zA-Z]{15}$/)
const value = fc.oneof(fc.string(), fc.boolean(), fc.constant(null))
const fieldName = fc.stringMatching(/^[A-Z][A-Za-z_]{0,12}$/)
const change = fc.record({ from: value, to: value, source: fc.constantFrom('kept', 'rule:newest', 'computed:sum') })
const fields = fc.dictionary(fieldName, change, { minKeys: 1, maxKeys: 4, noNullPrototype: true })
const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ kind: fc.constant('update' as const), object: fieldName, id, fields }),
  fc.record({ kind: fc.constant('delete' as const), object: fieldName, id }),
  fc.record({
    kind: fc.constant('merge' as const),
    object: fc.constant('Account'),
    survivor: id,
    losers: fc.array(id, { minLength: 1, maxLength: 2 }),
    fields,
    moves: fc.array(fc.record({ object: fieldName, field: fieldName, ids: fc.array(id, { maxLength: 3 }) }), {
      maxLength: 2,
    }),
  }),
)
const document: fc.Arbitrary<SealedDocument> = fc.record({
  org: id,
  decision: fc.uuid(),
  run: fc.uuid(),
  mission: fc.constant('duplicate-account-reconciliation'),
  missionVersion: fc.integer({ min: 1, max: 9 }),
  grant: fc.stringMatching(/^[0-9a-f]{64}$/),
  version: fc.integer({ min: 1, max: 9 }),
  gate: fc.record({
    lines: fc.array(fc.nat(5), { minLength: 1, maxLength: 3 }),
    rosters: fc.array(fc.record({ needs: fc.integer({ min: 1, max: 3 }), from: fc.constant('group:RevOps') }), {
      minLength: 1,
      maxLength: 2,
    }),
  }),
  launcher: fc.option(id),
  editors: fc.array(id, { maxLength: 2 }),
  expiresAt: fc.constant('2026-12-01T00:00:00.000Z'),
  operations: fc.array(operation, { minLength: 1, maxLength: 4 }),
  base: fc.dictionary(id, fc.constant('2026-11-01T00:00:00.000+0000'), { maxKeys: 3, noNullPrototype: true }),
})
const open = (sealed: SealedDocument) => openLeaves(sealed, (path) => `salt-of-at-least-128-bits${path}`)

describe('the seal', () => {
  it('gives the document back from its open leaves, in any order', () => {
    fc.assert(
      fc.property(document, (sealed) => {
        expect(documentOf(open(sealed).reverse())).toEqual(sealed)
      }),
    )
  })

  it('names no record in a path, which even a closed leaf shows', () => {
    fc.assert(
      fc.property(document, (sealed) => {
        const paths = open(sealed).map(({ path }) => path)
        for (const record of Object.keys(sealed.base)) expect(paths.join('\n')).not.toContain(record)
      }),
    )
  })

  it('refuses two base values for one record', () => {
    const [sealed] = fc.sample(document, 1) as [SealedDocument]
    const at = '2026-11-01T00:00:00.000+0000'
    const two = open({ ...sealed, base: { '001000000000001AAA': at, '001000000000002AAA': at } })
    const doubled = two.map((leaf) => (leaf.path === '/base/1/id' ? { ...leaf, value: '001000000000001AAA' } : leaf))
    expect(() => documentOf(doubled)).toThrow(/two base values/)
  })

  it('has the same digest whichever leaves are closed', () => {
    fc.assert(
      fc.property(document, fc.infiniteStream(fc.boolean()), (sealed, hide) => {
        const leaves = open(sealed)
        const some = leaves.map((leaf) => (hide.next().value ? close(leaf) : leaf))
        expect(digestOf(some)).toBe(digestOf(leaves))
      }),
    )
  })

  it('has another digest when any one leaf is changed, left out, renamed or salted anew', () => {
    fc.assert(
      fc.property(document, fc.nat(), fc.constantFrom('value', 'salt', 'path', 'drop'), (sealed, at, how) => {
        const leaves = open(sealed)
        const index = at % leaves.length
        const leaf = leaves[index]!
        const changed = {
          value: [{ ...leaf, value: `${String(leaf.value)}x` }],
          salt: [{ ...leaf, salt: `${leaf.salt}x` }],
          path: [{ ...leaf, path: `${leaf.path}x` }],
          drop: [],
        }[how]
        expect(digestOf(leaves.toSpliced(index, 1, ...changed))).not.toBe(digestOf(leaves))
      }),
    )
  })

  it('refuses a leaf that appears twice', () => {
    fc.assert(
      fc.property(document, fc.nat(), (sealed, at) => {
        const leaves = open(sealed)
        expect(() => documentOf([...leaves, leaves[at % leaves.length]!])).toThrow(/appears twice/)
      }),
    )
  })

  it('has the same digest on the screen, computed by the component’s own code', async () => {
    await fc.assert(
      fc.asyncProperty(document, fc.infiniteStream(fc.boolean()), async (sealed, hide) => {
        const leaves = open(sealed).map((leaf) => (hide.next().value ? close(leaf) : leaf))
        expect(await digestOnScreen(leaves)).toBe(digestOf(leaves))
      }),
    )
  })
})
