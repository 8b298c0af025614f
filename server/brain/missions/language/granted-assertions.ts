import type { GrantedAssertion } from '../../../contract/assertion.ts'
import { fieldsAsserted } from '../../../contract/assertions.ts'
import type { MissionDefinition } from '../../domain/mission.ts'
import { objectOf } from './variables.ts'

/** What a mission asserts, with the object of each step that it names; nothing where it asserts nothing. */
export function assertionsOf(definition: MissionDefinition): { assertions?: GrantedAssertion[] } {
  const { assert = [], read } = definition
  if (assert.length === 0) return {}
  return {
    assertions: assert.map((holds) => ({
      holds,
      over: Object.fromEntries(
        [...fieldsAsserted(holds).keys()].sort().flatMap((name) => {
          const step = read.find((each) => each.name === name)
          if (!step) return []
          const object = objectOf(step)
          return [[name, { object, sole: changedBy(definition, object).every((other) => other === name) }] as const]
        }),
      ),
    })),
  }
}

/** Steps whose records of this object the mission may change. */
function changedBy({ propose, read, reason }: MissionDefinition, object: string): string[] {
  const ofObject = (name: string) => {
    const step = read.find((each) => each.name === name)
    return step !== undefined && objectOf(step) === object
  }
  return propose.flatMap((template) => {
    switch (template.kind) {
      case 'update':
      case 'convert':
        return ofObject(template.record) ? [template.record] : []
      case 'merge': {
        const merged = (reason.find(({ name }) => name === template.of)?.asked as { of: string } | undefined)?.of ?? ''
        const removed = template.remove.includes(object) ? [`records of ${object}`] : []
        return [...(ofObject(merged) ? [merged] : []), ...removed]
      }
      case 'create':
        return []
    }
  })
}
