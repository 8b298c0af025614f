import { z } from 'zod'
import { sha256Of } from './values/canonical.ts'
import { toolManifest, type ToolManifest } from './tool-manifest.ts'
import { ToolError } from './tool-error.ts'
import { tools, type ToolName } from './tools.ts'

/** A tool as MCP lists it. */
export interface ToolDefinition {
  name: string
  description: string
  inputSchema: { type: 'object'; [key: string]: unknown }
  outputSchema: { type: 'object'; [key: string]: unknown }
  annotations: { readOnlyHint: boolean; destructiveHint: boolean; idempotentHint: boolean; openWorldHint: boolean }
}

/** The tools that have a row, in the words and shapes of this release. */
export function toolDefinitions(manifest: ToolManifest = toolManifest): ToolDefinition[] {
  return (Object.keys(tools) as ToolName[]).flatMap((name) => {
    const row = manifest[name]
    return row ? [definitionOf(name, row.class === 'read-only')] : []
  })
}

function definitionOf(name: ToolName, isReading: boolean): ToolDefinition {
  const { description, input, output } = tools[name]
  return {
    name,
    description,
    inputSchema: objectSchema(z.toJSONSchema(input, { io: 'input' })),
    outputSchema: objectSchema({ anyOf: [output, z.object({ error: ToolError })].map((one) => z.toJSONSchema(one)) }),
    annotations: { readOnlyHint: isReading, destructiveHint: !isReading, idempotentHint: true, openWorldHint: false },
  }
}

const objectSchema = (schema: object): ToolDefinition['inputSchema'] => ({ ...schema, type: 'object' })

/** Changes with every character of a definition. */
export const definitionHash = (definition: object): string => sha256Of(JSON.parse(JSON.stringify(definition)))
