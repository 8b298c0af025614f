import { sha256, sha256Of } from '../../contract/values/canonical.ts'

/** What is asked of language models: which one, where, and under which instructions. */
export interface ModelInUse {
  model: string
  /** Base URL of the endpoint, without credentials. */
  endpoint: string
  /** SHA-256 of each text of instructions that the model may get, ascending. */
  prompts: string[]
}

/** A change of the model, its endpoint or its instructions; the rows form a chain. */
export interface ModelRelease extends ModelInUse {
  n: number
  at: string
  /** The account of the machine that the process which began to use it runs as. */
  by: string
  /** Over this release and the hash of the one before. */
  hash: string
}

export const promptHash = (instructions: string): string => sha256(instructions)

/** The hash of a release: it names every release before it. */
export function releaseHash(previous: string | null, release: Omit<ModelRelease, 'hash'>): string {
  const { n, at, by, model, endpoint, prompts } = release
  return sha256Of([previous, n, at, by, model, endpoint, prompts])
}

export const isSameModel = (a: ModelInUse, b: ModelInUse): boolean =>
  a.model === b.model && a.endpoint === b.endpoint && a.prompts.join() === b.prompts.join()
