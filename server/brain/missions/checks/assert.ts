import { checkAssertion, fieldsAsserted } from '../../../contract/assertions.ts'
import { ALWAYS_READABLE } from '../../../contract/grant.ts'
import type { MissionDefinition, RecordStep } from '../../domain/mission.ts'
import { listed } from '../../domain/say.ts'
import type { Finding } from './finding.ts'

/** Assertions that cannot be judged on the records that are read again before the write. */
export function assertFindings({ assert = [], read }: MissionDefinition): Finding[] {
  const steps = read.filter((step): step is RecordStep => 'id' in step)
  return assert.flatMap((holds, index) =>
    assertionFindings(holds, steps).map((message) => ({ path: ['assert', index], message })),
  )
}

function assertionFindings(holds: string, steps: readonly RecordStep[]): string[] {
  const names = steps.map(({ name }) => name)
  const named = namedBy(holds)
  const unknown = [...(named?.keys() ?? [])].filter((name) => !names.includes(name))
  const offered = names.length === 0 ? 'there is none' : listed(names).join('')
  if (unknown.length > 0)
    return unknown.map(
      (name) => `${name} is not a step with one record, which is read again before the write; ${offered}`,
    )
  const wrong = checkAssertion(holds, names)
  if (wrong.length > 0) return wrong
  return [...(named ?? [])].flatMap(([name, fields]) => {
    const step = steps.find((each) => each.name === name)
    const read = [...ALWAYS_READABLE, ...(step?.fields ?? [])]
    return fields.filter((field) => !read.includes(field)).map((field) => `${name}.${field} is never read`)
  })
}

/** Null for what is no expression. */
function namedBy(holds: string): Map<string, string[]> | null {
  try {
    return fieldsAsserted(holds)
  } catch {
    return null
  }
}
