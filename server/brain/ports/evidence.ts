import type { Checkpoint, MerkleStep } from '../../contract/checkpoint.ts'

/** A row's name, its columns and a salt. */
export type LedgerState = [row: string, is: Record<string, unknown>, salt: string]

/** A checkpoint that signs the ledger of a run, with the way from its head to the root. */
export interface SignedHead {
  checkpoint: Checkpoint
  signature: string
  entries: number
  path: MerkleStep[]
}

/** What the store can prove of a run: its chains as far as a checkpoint signs them. */
export interface Evidence {
  orgId: string
  journal: {
    n: number
    phase: string
    key: string
    requestHash: string
    answerHash: string
    chain: string
    at: string
  }[]
  ledger: { n: number; at: string; states: LedgerState[]; chain: string }[]
  signed: SignedHead[]
}

export interface EvidenceReads {
  /** Null for a run whose ledger no checkpoint signs yet. */
  evidence(runId: string): Promise<Evidence | null>
}
