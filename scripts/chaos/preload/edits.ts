// What the harness changes in the product's source as a process loads it. The product has no switch for any of this.

/** A text of a source file and what stands in its place. */
export interface Edit {
  /** End of the file's URL. */
  file: string
  find: string
  replace: string
}

type Weakening = 'lease' | 'receipts'

const COMPOSITE = '/server/salesforce-mcp/writers/composite.ts'
const CONTEXT = '/server/brain/runs/context.ts'
const LEASES = '/server/brain/runs/worker-leases.ts'
const RUNNER = '/server/brain/runs/runner.ts'

/** The builds that a judge must condemn. */
export const WEAKENINGS: Record<Weakening, readonly Edit[]> = {
  // No worker looks at its lease before it asks for a write, salesforce-mcp does not look at the time before it sends, and no mark in
  // the org says that a version ended.
  lease: [
    { file: '/server/brain/runs/journal.ts', find: 'await held.renew()\n', replace: '\n' },
    {
      file: '/server/brain/runs/journal.ts',
      find: 'return store.leaseEnds(runId, fence)',
      replace: "return '2999-01-01T00:00:00.000Z'",
    },
    { file: COMPOSITE, find: '    assertInTime(call)\n', replace: '' },
    {
      file: '/server/brain/decisions/voiding/void-decision.ts',
      find: 'for (const changeSet of await endedVersions(deps, decisionId)) await voidVersion(deps, changeSet)',
      replace: '',
    },
  ],
  // The composite is sent without its receipt, so that neither the org nor the next commit knows that it was written.
  receipts: [
    {
      file: COMPOSITE,
      find: '      receiptRequest(receiptOfCommit(transaction), services.namespace, RECEIPT),\n',
      replace: '',
    },
  ],
}

/** Places between the look at the lease and the request to the org where an ordered pause stops the process. */
export const PAUSE_POINTS: readonly Edit[] = [
  {
    file: CONTEXT,
    find: '    return salesforce.call(tool, input, { ...about, ...(notAfter && { notAfter }) })',
    replace:
      "    if (isWriting(tool)) globalThis.chaosPoint?.('before-asking', runId)\n    return salesforce.call(tool, input, { ...about, ...(notAfter && { notAfter }) })",
  },
  {
    file: COMPOSITE,
    find: '    services.writes.assertOn()\n',
    replace:
      "    services.writes.assertOn()\n    globalThis.chaosPoint?.('before-sending', transaction.document.run)\n",
  },
]

/** Leases of `seconds`, renewed at a fifth, for tests that cannot wait half a minute. */
export function shortLeases(seconds: number): readonly Edit[] {
  return [
    { file: LEASES, find: 'const LEASE_SECONDS = 30', replace: `const LEASE_SECONDS = ${seconds}` },
    { file: RUNNER, find: 'const RENEW_SECONDS = 10', replace: `const RENEW_SECONDS = ${seconds / 5}` },
    { file: CONTEXT, find: 'const CLOCKS_APART_SECONDS = 5', replace: 'const CLOCKS_APART_SECONDS = 1' },
  ]
}

/** The source with the file's edits made. Throws Error when the product no longer holds a text that is to be replaced. */
export function edited(url: string, source: string, edits: readonly Edit[]): string {
  return edits
    .filter(({ file }) => url.endsWith(file))
    .reduce((text, { file, find, replace }) => {
      if (!text.includes(find)) throw new Error(`the harness does not find its place in ${file} any more: ${find}`)
      return text.replace(find, () => replace)
    }, source)
}
