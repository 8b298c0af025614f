import type { Source } from '../../../contract/operations/fields.ts'
import { setBy } from '../../../contract/operations/operation.ts'
import { assertNever } from '../../../contract/values/assert-never.ts'
import type { Template } from '../../domain/mission.ts'
import type { Given } from '../../questions/asking/question.ts'
import { taintOf } from '../../questions/asking/sources.ts'
import { convertPart } from './convert.ts'
import { createPart } from './create.ts'
import { mergePart } from './merge.ts'
import type { Drafting, Part } from './part.ts'
import { updatePart } from './update.ts'

/** What the mission's templates add up to; a later one knows which of those before it propose something. */
export function partsOf(drafting: Drafting): Part[] {
  const { propose } = drafting.mission.definition
  const proposed: Record<string, boolean> = Object.fromEntries(
    propose.flatMap(({ as }) => (as === null ? [] : [[as, false] as const])),
  )
  const sources: Record<string, Source> = {}
  return propose.map((template, n) => {
    const part = partOf(template, { ...drafting, given: knowing(drafting.given, proposed, sources) }, n)
    if (template.as !== null) {
      proposed[template.as] = part.operations.length > 0
      // What builds on a proposal that a text brought about was brought about by that text.
      const taint = taintOf(part.operations.flatMap(setBy).map(({ source }) => source))
      if (taint !== null) sources[template.as] = taint
    }
    return part
  })
}

function knowing(
  given: Given,
  proposed: Readonly<Record<string, boolean>>,
  sources: Readonly<Record<string, Source>>,
): Given {
  return {
    ...given,
    sources: { ...given.sources, proposed: { ...sources } },
    variables: { ...given.variables, proposed: { kind: 'one', members: Object.keys(proposed) } },
    values: { ...given.values, proposed: { ...proposed } },
  }
}

function partOf(template: Template, drafting: Drafting, n: number): Part {
  switch (template.kind) {
    case 'update':
      return updatePart(template, drafting)
    case 'create':
      return createPart(template, drafting, n)
    case 'merge':
      return mergePart(template, drafting)
    case 'convert':
      return convertPart(template, drafting)
    default:
      return assertNever(template)
  }
}
