// The module that a setting names as the org's content.
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import type { OrgContent } from './content/content.ts'
import { SettingsError } from './settings.ts'

const ContentModule = z.looseObject({
  content: z.custom<(env: NodeJS.ProcessEnv) => OrgContent>((value) => typeof value === 'function'),
})

/** Calls the module's `content` with the environment. Throws SettingsError when there is no such module or function. */
export async function importContent(path: string, env: NodeJS.ProcessEnv): Promise<OrgContent> {
  const found: unknown = await import(pathToFileURL(resolve(path)).href).catch((error: unknown) => {
    throw new SettingsError(`PRACTICE_CONTENT is wrong: ${String(error)}. Example: PRACTICE_CONTENT=content.ts`)
  })
  const parsed = ContentModule.safeParse(found)
  if (!parsed.success) throw new SettingsError(`PRACTICE_CONTENT is wrong: ${path} exports no function \`content\``)
  return parsed.data.content(env)
}
