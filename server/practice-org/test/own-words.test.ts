// The package stands for a Salesforce org: it knows nothing of any program that uses it.
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const SRC = join(import.meta.dirname, '../src')
/** Words of a program that uses the package; `DelegatedApproverId` is a field of Salesforce. */
const FOREIGN =
  /missions?(?![a-z])|brain|decider|(?<!delegated)approver|force-app|observation|salesforce-?mcp|decision.?queue|explain.?rail|receipt/i

const files = globSync('**/*.*', { cwd: SRC })
const foreign = (text: string): string[] =>
  text.split('\n').flatMap((line) => (FOREIGN.test(line.replaceAll(/permissions?/gi, '')) ? [line.trim()] : []))

it('names nothing of a program that uses it', () => {
  expect(files.length).toBeGreaterThan(400)
  const found = files.flatMap((file) =>
    foreign(readFileSync(join(SRC, file), 'utf8')).map((line) => `${file}: ${line}`),
  )
  expect(found).toEqual([])
})

it('would find such a name', () => {
  const lines = ['const MISSIONS = 1', 'Missions_Decider', 'brainUrl', 'permissionSets', 'DelegatedApproverId']
  expect(lines.filter((line) => foreign(line).length > 0)).toEqual([
    'const MISSIONS = 1',
    'Missions_Decider',
    'brainUrl',
  ])
})
