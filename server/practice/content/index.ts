// The module that the process of the practice org imports.
import type { OrgContent } from 'salesforce-practice-org/content'
import { practiceContent } from './content.ts'

/** From `BRAIN_URL`, `PRACTICE_PERMISSION_SETS` and `PRACTICE_OBJECTS`, as `processes.ts` sets them. */
export function content(env: NodeJS.ProcessEnv): OrgContent {
  const permissionSets = env['PRACTICE_PERMISSION_SETS']
  const objects = env['PRACTICE_OBJECTS']
  return practiceContent({
    brainUrl: env['BRAIN_URL'] ?? 'http://localhost:4000',
    ...(permissionSets ? { permissionSets } : {}),
    ...(objects ? { objects } : {}),
  })
}
