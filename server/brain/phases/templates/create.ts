import type { CreateTemplate } from '../../domain/mission.ts'
import type { Phrase } from '../../domain/phrase.ts'
import { fittingField } from '../../../contract/values/text.ts'
import { holds } from '../given/given.ts'
import { NOTHING, type Drafting, type Part } from './part.ts'
import { computed } from './values.ts'

/** What a field of one line holds in an org. */
const LINE = 255
const TITLES = ['Subject', 'Name', 'Title']

/** Creates a record with the values that are not blank; `n` numbers the template within its mission. */
export function createPart(template: CreateTemplate, { given }: Drafting, n: number): Part {
  if (!holds(template.when, given)) return NOTHING
  const { object } = template
  const { values, say } = computed(object, template, given)
  if (values.length === 0) return { ...NOTHING, say }
  const fields = values.map(({ field, to, source }) => {
    const isTitle = TITLES.includes(field) && typeof to === 'string'
    return [field, { to: isTitle ? fittingField(to, LINE) : to, source }] as const
  })
  const sentence = (): Phrase => [`Create a ${object.toLowerCase()}.`]
  const key = template.as ?? `created${n + 1}`
  return {
    ...NOTHING,
    operations: [{ kind: 'create', object, key, fields: Object.fromEntries(fields) }],
    say,
    sentence,
  }
}
