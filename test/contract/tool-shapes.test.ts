// Every tool states its class and its limits, and every text, list and object of its arguments has an end.
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { isWriting, toolManifest } from '../../server/contract/tool-manifest.ts'
import { tools, type ToolName } from '../../server/contract/tools.ts'

interface Schema {
  type?: string
  $ref?: string
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  enum?: unknown[]
  const?: unknown
  pattern?: string
  maxLength?: number
  maxItems?: number
  maxProperties?: number
  prefixItems?: Schema[]
  items?: Schema
  properties?: Record<string, Schema>
  propertyNames?: Schema
  additionalProperties?: boolean | Schema
  $defs?: Record<string, Schema>
}

const names = Object.keys(tools) as ToolName[]
const schemaOf = (name: ToolName) => z.toJSONSchema(tools[name].input, { io: 'input' }) as Schema

/** Places in a schema whose values may be as large as a caller likes. */
function endless(schema: Schema, at: string): string[] {
  const parts = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])]
  return [...parts.flatMap((part) => endless(part, at)), ...ownEndless(schema, at)]
}

function ownEndless(schema: Schema, at: string): string[] {
  if (schema.$ref !== undefined) return [`${at}: a reference, which this test does not follow`]
  if (schema.type === 'string') return isEndlessText(schema) ? [`${at}: a text`] : []
  if (schema.type === 'array') {
    const items = schema.items ? endless(schema.items, `${at}[]`) : []
    return schema.maxItems === undefined && !schema.prefixItems ? [`${at}: a list`, ...items] : items
  }
  return schema.type === 'object' ? endlessObject(schema, at) : []
}

function isEndlessText({ maxLength, enum: values, const: value, pattern }: Schema): boolean {
  if (maxLength !== undefined || values !== undefined || value !== undefined) return false
  return pattern === undefined || !/^\^.*\$$/.test(pattern) || /[*+]|\{\d+,\}/.test(pattern)
}

function endlessObject({ properties = {}, propertyNames, additionalProperties, maxProperties }: Schema, at: string) {
  const inside = Object.entries(properties).flatMap(([key, each]) => endless(each, `${at}.${key}`))
  if (additionalProperties === false) return inside
  if (additionalProperties === undefined || additionalProperties === true) return [`${at}: an open object`]
  const keys = propertyNames ? endless(propertyNames, `${at}.{key}`) : [`${at}: any key`]
  const own = maxProperties === undefined ? [`${at}: a map`] : []
  return [...inside, ...keys, ...own, ...endless(additionalProperties, `${at}{}`)]
}

describe('the tools of salesforce-mcp', () => {
  it.each(names)('%s has a row with a class and limits', (name) => {
    const row = toolManifest[name]
    expect(row?.class).toMatch(/^(read-only|reversible|irreversible)$/)
    for (const limit of ['ms', 'perMinute', 'bytes'] as const) expect(row?.limits[limit]).toBeGreaterThan(0)
    expect(row?.limits.rows).toBeGreaterThanOrEqual(0)
    expect(tools[name].output).toBeInstanceOf(z.ZodObject)
  })

  it('are read-only but for those that commit, void, keep apart, activate and withdraw; the first two count as irreversible', () => {
    expect(names.filter(isWriting)).toEqual([
      'activateGrant',
      'withdrawGrant',
      'commitChangeSet',
      'voidChangeSet',
      'keepApart',
    ])
    expect(toolManifest.voidChangeSet?.class).toBe('irreversible')
    expect(toolManifest.commitChangeSet?.class).toBe('irreversible')
  })

  it.each(names)('%s takes nothing without an end', (name) => {
    expect(endless(schemaOf(name), name)).toEqual([])
  })

  it('is what this test finds: an endless text, list, map and open object', () => {
    const shape = z.object({ text: z.string(), list: z.array(z.boolean()), map: z.record(z.string(), z.null()) })
    expect(endless(z.toJSONSchema(shape, { io: 'input' }) as Schema, 'x')).toEqual(['x: an open object'])
    const strict = z.strictObject(shape.shape)
    expect(endless(z.toJSONSchema(strict, { io: 'input' }) as Schema, 'x')).toEqual([
      'x.text: a text',
      'x.list: a list',
      'x.map.{key}: a text',
      'x.map: a map',
    ])
  })

  it('refuse a map with one entry too many', () => {
    const base = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`001${String(n).padStart(15, '0')}`, 'then']))
    const operation = { kind: 'delete', object: 'Account', id: '001000000000001AAA' }
    const input = (count: number) => ({ grant: 'a'.repeat(64), operations: [operation], base: base(count) })
    expect(tools.checkChangeSet.input.safeParse(input(1_000)).success).toBe(true)
    expect(tools.checkChangeSet.input.safeParse(input(1_001)).success).toBe(false)
  })
})
