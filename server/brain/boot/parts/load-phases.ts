import type { phasesWith } from './phases.ts'

/** Loads the phases from a module that exports `phasesWith`, as `phases.ts` does. */
export async function loadPhases(module: string): Promise<typeof phasesWith> {
  const loaded = (await import(module)) as { phasesWith: typeof phasesWith }
  return loaded.phasesWith
}
