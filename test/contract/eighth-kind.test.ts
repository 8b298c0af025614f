// A kind of operation that only the union knows: the compiler must name every place that has to decide about it.
import { readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import ts from 'typescript'
import { beforeAll, describe, expect, it } from 'vitest'
import { Grant } from '../../server/contract/grant.ts'
import { Operation } from '../../server/contract/operations/operation.ts'
import { tools } from '../../server/contract/tools.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const UNION = join(ROOT, 'server/contract/operations/operation.ts')

/** Places that decide by kind, in the order of their names. A new kind is wanted by each, and by no other. */
const DECIDES_BY_KIND = [
  'server/brain/decisions/operation-words.ts',
  'server/brain/decisions/rebase.ts',
  'server/brain/undo/plan/undo-plan.ts',
  'server/contract/operations/operation.ts',
]
/** Places that want a new kind only when it is written by the composite. */
const WRITES_COMPOSITES = ['server/salesforce-mcp/writers/composite.ts']

const restoreRules = (transaction: string): string => `
const restoreRules = {
  object: ({ object }) => object,
  touches: ({ object, id }) => [{ object, id }],
  creates: () => null,
  grantedAs: ({ kind }) => [kind],
  ends: () => [],
  revives: () => [],
  closes: () => [],
  sets: () => [],
  moves: () => [],
  reassigns: () => [],
  leaves: () => [],
  rights: () => [],
  expects: () => [],
  transaction: '${transaction}',
  floor: 'always',
} as const satisfies Rules<RestoreOperation>
`

/** The union with `restore` (object, id) added to it; with its rules when a transaction is given. */
function unionWith(transaction: string | null): string {
  const source = readFileSync(UNION, 'utf8')
  const added = source
    .replace(
      'export const Operation = z.discriminatedUnion',
      `const RestoreOperation = z.strictObject({ kind: z.literal('restore'), object: z.string(), id: z.string() })
type RestoreOperation = z.infer<typeof RestoreOperation>
${transaction === null ? '' : restoreRules(transaction)}
export const Operation = z.discriminatedUnion`,
    )
    .replace('  DeleteOperation,\n])', '  DeleteOperation,\n  RestoreOperation,\n])')
  return transaction === null
    ? added
    : added.replace('  delete: deleteRules,', '  delete: deleteRules,\n  restore: restoreRules,')
}

/** Files in which a compilation with this union fails, by the repository's own settings. */
function filesThatFail(union: string): string[] {
  const config = ts.getParsedCommandLineOfConfigFile(
    join(ROOT, 'tsconfig.json'),
    {},
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined },
  )
  if (!config) throw new Error('tsconfig.json cannot be read')
  const names = config.fileNames.filter((name) => /\/server\/(contract|brain|salesforce-mcp)\//.test(name))
  const host = ts.createCompilerHost(config.options)
  const read = host.getSourceFile.bind(host)
  host.getSourceFile = (name, languageVersion, ...rest) =>
    name === UNION.split(sep).join('/')
      ? ts.createSourceFile(name, union, languageVersion, true)
      : read(name, languageVersion, ...rest)
  const program = ts.createProgram(names, config.options, host)
  const failing = ts.getPreEmitDiagnostics(program).flatMap(({ file }) => (file ? [file.fileName] : []))
  return [...new Set(failing)].map((name) => relative(ROOT, name).split(sep).join('/')).sort()
}

describe('an eighth kind of operation', () => {
  let bare: string[]
  let composite: string[]
  beforeAll(() => {
    bare = filesThatFail(unionWith(null))
    composite = filesThatFail(unionWith('composite'))
    console.log(`A kind without rules does not compile in:\n  ${bare.join('\n  ')}`)
  }, 120_000)

  it('is wanted by every table and switch over the kinds before anything compiles', () => {
    expect(bare).toEqual(expect.arrayContaining(DECIDES_BY_KIND))
  })

  it('with rules of its own is still wanted by words, rebase, undo, and by the writer of its transaction', () => {
    const others = DECIDES_BY_KIND.filter((file) => file !== 'server/contract/operations/operation.ts')
    expect(composite).toEqual([...others, ...WRITES_COMPOSITES].sort())
  })

  it('is refused by every door', () => {
    const restore = { kind: 'restore', object: 'Account', id: '001000000000001AAA' }
    const base = { grant: '0'.repeat(64), operations: [restore] }
    expect(Operation.safeParse(restore).success).toBe(false)
    expect(tools.checkChangeSet.input.safeParse({ ...base, base: {} }).success).toBe(false)
    expect(tools.readBack.input.safeParse({ ...base, digest: '0'.repeat(64), created: {} }).success).toBe(false)
    expect(Grant.shape.writes.safeParse({ Account: { kinds: ['restore'], fields: [] } }).success).toBe(false)
  })
})
