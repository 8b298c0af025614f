// Platform events from `objects/*__e`, as the practice org has them.
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { metadataFiles } from './metadata-files.ts'

const PlatformEvent = z.looseObject({ label: z.string(), pluralLabel: z.string(), publishBehavior: z.string() })
const Field = z.looseObject({
  fullName: z.string(),
  label: z.string(),
  type: z.enum(['Text', 'LongTextArea', 'Number', 'Checkbox', 'Date', 'DateTime']),
  length: z.coerce.number().int().optional(),
  required: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true'),
})

const TYPES: Record<z.infer<typeof Field>['type'], string> = {
  Text: 'string',
  LongTextArea: 'textarea',
  Number: 'double',
  Checkbox: 'boolean',
  Date: 'date',
  DateTime: 'datetime',
}

/** Reads the folder `objects`. Throws ZodError or Error for an event that the practice org cannot have. */
export function platformEventsIn(folder: string): unknown[] {
  const names = globSync('*__e/', { cwd: folder }).sort()
  return names.map((name, n) => {
    const [object] = metadataFiles(join(folder, name), 'object', 'CustomObject')
    const { label, pluralLabel, publishBehavior } = PlatformEvent.parse(object?.root)
    if (publishBehavior !== 'PublishAfterCommit') throw new Error(`${name}: only PublishAfterCommit is known here`)
    const fields = metadataFiles(join(folder, name, 'fields'), 'field', 'CustomField').map(({ root }) => {
      const { fullName, type, length, required, label: fieldLabel } = Field.parse(root)
      return { name: fullName, label: fieldLabel, type: TYPES[type], length, required }
    })
    const keyPrefix = `e0${(n + 1).toString(36)}`
    return { name, label, labelPlural: pluralLabel, keyPrefix, publishProfiles: [], deployed: true, fields }
  })
}
