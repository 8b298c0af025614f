// The register of activations in the org: what stands there is what is active, whatever a caller brings.
import { isMac, macOf } from '../approvals/mac.ts'
import type { SealKey } from '../../settings/key-text.ts'
import { ToolFailure } from '../failure/failure.ts'
import { CallCount, CallLedger } from '../org/calls.ts'
import { bodyOf, writeTogether } from '../org/composite.ts'
import type { OrgConnection } from '../org/connection.ts'
import { packaged } from '../org/names.ts'
import { quoted, runQueries, type Query, type Row } from '../org/query.ts'

/** A record of the register, newest first in every list. */
export interface Registered {
  /** Number that the org gave it, in the order of creation. */
  n: number
  /** Hash of the grant; null for a withdrawal. */
  grant: string | null
  endsAt: string
  createdAt: string
  /** When its `Withdrawn` box was set at the latest. */
  changedAt: string
  /** Withdrawn, deleted, or not as this server wrote it. */
  isWithdrawn: boolean
  /** As this server wrote it, its `Withdrawn` box aside. */
  isSealed: boolean
  /** Fingerprints of the signatures it was entered on. */
  signatures: string[]
}

/** A record to be entered. */
type Entry =
  | { mission: string; version: number; grant: string; by: [string, ...string[]]; endsAt: string; signatures: string[] }
  | { mission: string; withdrawnBy: string; reason: string }

interface RegisterSettings {
  orgId: string
  namespace: string
  sealKey: SealKey
  reader: OrgConnection
  writer: OrgConnection
}

const OBJECT = 'Mission_Activation__c'
const FIELDS = [
  'Key__c',
  'Mission__c',
  'Version__c',
  'Grant__c',
  'Activated_By__c',
  'Seconded_By__c',
  'Ends__c',
  'Signatures__c',
  'Seal__c',
  'Withdrawn__c',
] as const
type Field = (typeof FIELDS)[number]
type Values = Record<Field, string | null>

/** More than a mission has while any earlier record still matters. */
const MOST_RECORDS = 50

export class Register {
  readonly #settings: RegisterSettings

  constructor(settings: RegisterSettings) {
    this.#settings = settings
  }

  /** Deleted records too: a record in the Recycle Bin counts as withdrawn. */
  query(mission: string): Query {
    const name = (field: string) => packaged(this.#settings.namespace, field)
    const selected = [...FIELDS.map(name), 'Id', 'Name', 'IsDeleted', 'CreatedDate', 'LastModifiedDate'].join(', ')
    const of = `${name('Mission__c')} = ${quoted(mission)}`
    const newest = `ORDER BY CreatedDate DESC, Name DESC LIMIT ${MOST_RECORDS}`
    return { soql: `SELECT ${selected} FROM ${name(OBJECT)} WHERE ${of} ${newest}`, all: true }
  }

  /** The records behind the rows of `query`. */
  recordsOf(rows: readonly Row[]): Registered[] {
    return rows.map((row) => this.#recordOf(row)).sort((a, b) => b.n - a.n)
  }

  /** One API call, which counts for no run. */
  async read(mission: string): Promise<Registered[]> {
    const [found] = await runQueries(this.#settings.reader, [this.query(mission)], uncounted())
    return this.recordsOf(found?.rows ?? [])
  }

  /**
   * Enters a record that follows the newest of `known`. Throws ToolFailure `refused` when another has followed it meanwhile, since
   * its key is unique.
   */
  async enter(entry: Entry, known: readonly Registered[]): Promise<void> {
    const { namespace, writer } = this.#settings
    const key = `${entry.mission}/${known[0]?.n ?? 0}`
    const body = 'grant' in entry ? this.#activation(entry, key) : withdrawal(entry, key)
    const named = Object.entries(body).map(([field, value]) => [packaged(namespace, field), value])
    const path = `/sobjects/${packaged(namespace, OBJECT)}`
    const request = {
      method: 'POST',
      path,
      referenceId: 'activation',
      body: Object.fromEntries(named) as object,
    } as const
    const [response] = await writeTogether(writer, [request], uncounted())
    try {
      if (response) bodyOf(response)
    } catch (error) {
      if (!(error instanceof ToolFailure) || error.orgCode !== 'DUPLICATE_VALUE') throw error
      throw new ToolFailure('refused', 'another activation of this mission was entered meanwhile', { cause: error })
    }
  }

  #activation({ mission, version, grant, by, endsAt, signatures }: Extract<Entry, { grant: string }>, key: string) {
    const [first, second = null] = by
    const values = {
      Key__c: key,
      Mission__c: mission,
      Version__c: String(version),
      Grant__c: grant,
      Activated_By__c: first,
      Seconded_By__c: second,
      Ends__c: endsAt,
      Signatures__c: signatures.join(' '),
    }
    return {
      ...values,
      Version__c: version,
      Withdrawn__c: false,
      Seal__c: macOf(this.#settings.sealKey, this.#sealed(values)),
    }
  }

  /** What the seal covers: everything but the box that withdraws. */
  #sealed(values: Omit<Values, 'Seal__c' | 'Withdrawn__c'>): unknown[] {
    const { Key__c, Mission__c, Version__c, Grant__c, Activated_By__c, Seconded_By__c, Ends__c, Signatures__c } = values
    const people = [Activated_By__c, Seconded_By__c]
    const version = Version__c === null ? null : Number(Version__c)
    return ['activation', this.#settings.orgId, Key__c, Mission__c, version, Grant__c, people, Ends__c, Signatures__c]
  }

  #recordOf(row: Row): Registered {
    const { namespace, sealKey } = this.#settings
    const text = (field: string) =>
      row[field] === null || row[field] === undefined ? null : String(row[field] as string)
    const found = Object.fromEntries(FIELDS.map((field) => [field, text(packaged(namespace, field))])) as Values
    const values = { ...found, Ends__c: found.Ends__c === null ? null : isoOf(found.Ends__c) }
    const isSealed = values.Seal__c !== null && isMac(sealKey, this.#sealed(values), values.Seal__c)
    return {
      n: Number(/(\d+)$/.exec(text('Name') ?? '')?.[1] ?? 0),
      grant: values.Grant__c,
      endsAt: values.Ends__c ?? '',
      createdAt: isoOf(text('CreatedDate') ?? ''),
      changedAt: isoOf(text('LastModifiedDate') ?? ''),
      isWithdrawn: !isSealed || values.Withdrawn__c === 'true' || text('IsDeleted') === 'true',
      isSealed,
      signatures: values.Signatures__c?.split(' ') ?? [],
    }
  }
}

function withdrawal({ mission, withdrawnBy, reason }: Extract<Entry, { reason: string }>, key: string) {
  return { Key__c: key, Mission__c: mission, Activated_By__c: withdrawnBy, Withdrawn__c: true, Reason__c: reason }
}

/** The org writes `2026-01-31T10:00:00.000+0000` (docs/salesforce-facts.md#values). Anything else gives an invalid time, which no seal has. */
function isoOf(text: string): string {
  const time = Date.parse(text)
  return Number.isNaN(time) ? '' : new Date(time).toISOString()
}

/** Activations are administration: their calls are not part of any run's. */
const uncounted = (): CallCount => new CallCount(new CallLedger(), null)
