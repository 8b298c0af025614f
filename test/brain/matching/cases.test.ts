// Small situations by kind: which accounts are proposed to be merged, which one a lead is linked to, what is never said.
import { globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { RecordValues } from '../../../server/contract/values/record-values.ts'
import type { Claim } from '../../../server/brain/questions/asking/question.ts'
import { rulebook } from '../../../server/brain/questions/same-entity/reason/rulebook.ts'

interface Case {
  case: string
  about: string
  accounts: Record<string, RecordValues['values']>
  lead: RecordValues['values']
  expect: { merges?: string[][]; link?: (string | null)[] | null; neverSays?: string[] }
}

/** Runs the rulebook over every account of a case, as if search had found all of them. */
async function answerTo({ accounts, lead }: Case): Promise<{ merges: string[][]; link: string | null; text: string }> {
  const record = (object: string, id: string, values: RecordValues['values']): RecordValues =>
    ({ object, id, values, children: {} }) as RecordValues
  const names = Object.keys(accounts)
  const idOf = (name: string) => `001${name.padStart(12, '0')}`
  const steps = rulebook.sameEntity(
    {
      lead: record('Lead', '00Q000000000001', { Name: 'A Lead', ...lead }),
      accounts: names.map((name) => record('Account', idOf(name), accounts[name] ?? {})),
    },
    [],
    { model: null, modelFields: null },
  )
  const claims: Claim[] = []
  for (;;) {
    const step = await steps.next()
    if (!step.done) {
      claims.push(step.value)
      continue
    }
    const nameOf = (id: string) => names.find((name) => idOf(name) === id) ?? id
    const { company, chosen } = step.value
    return {
      merges: company.length > 1 ? [company.map(nameOf).sort()] : [],
      link: chosen === null ? null : nameOf(chosen),
      text: JSON.stringify(
        claims.map(({ text }) => text.map((part) => (typeof part === 'string' ? part : part.text)).join('')),
      ),
    }
  }
}

describe.each(
  globSync('test/brain/matching/cases/*.json')
    .sort()
    .map((path) => [basename(path, '.json'), path] as const),
)('%s', (_kind, path) => {
  const cases = JSON.parse(readFileSync(path, 'utf8')) as Case[]

  it.each(cases.map((each) => [each.case, each] as const))('%s', async (_name, each) => {
    const { merges, link, text } = await answerTo(each)
    if (each.expect.merges) expect(merges, text).toEqual(each.expect.merges)
    if (each.expect.link !== undefined) expect(each.expect.link ?? [null], text).toContain(link)
    for (const never of each.expect.neverSays ?? []) expect(text).not.toContain(never)
  })
})
