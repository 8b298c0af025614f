/** A change in the org that is hard to take: ids and names, nothing that the record holds. */
export interface TriedChange {
  /** The topic, or the object of a catch-up. */
  source: string
  /** Its place there. */
  position: string
  object: string
  change: string
  recordIds: readonly string[]
}

/** A change or request that is tried no more. */
interface SetAside extends TriedChange {
  at: string
  /** Null: it failed or hung again and again; the log has the errors. */
  reason: string | null
}

export interface ChangeTryReads {
  /** The newest first. */
  setAsides(limit: number): Promise<SetAside[]>
}

export interface ChangeTryWrites {
  /** Counts one more try and returns their number; null when the change was set aside. */
  countTry(change: TriedChange): Promise<number | null>
  /** The change was taken after all. */
  forgetTries(change: TriedChange): Promise<void>
  /** Tries the change no more; the row stays for an administrator, with a reason where one is known. */
  setAside(change: TriedChange, at: string, reason: string | null): Promise<void>
}
