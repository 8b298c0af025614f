// salesforce-mcp as the brain sees it, playing an org that does what it is told; tests change its answers.
import { jwtVerify, type CryptoKey } from 'jose'
import { DecisionClaims, DECISION_AUDIENCE } from '../../../server/contract/approval-token.ts'
import { sha256 } from '../../../server/contract/values/canonical.ts'
import type { FieldValue } from '../../../server/contract/values/field-value.ts'
import type { Operation } from '../../../server/contract/operations/operation.ts'
import { digestOf, documentOf, type OpenLeaf } from '../../../server/contract/seal.ts'
import type { Drift, TransactionOutcome } from '../../../server/contract/tool-shapes.ts'
import type { ToolInput, ToolName, ToolOutput } from '../../../server/contract/tools.ts'
import type { RecordValues } from '../../../server/contract/values/record-values.ts'
import { planTransactions, receiptKey } from '../../../server/contract/operations/operation.ts'
import { SalesforceError } from '../../../server/brain/domain/errors.ts'
import type { Clock } from '../../../server/brain/ports/clock.ts'
import type { Salesforce } from '../../../server/brain/ports/salesforce.ts'
import { ORG_ID, TASK, USERS } from './acme.ts'

type Answers = { [T in ToolName]?: (input: ToolInput<T>) => ToolOutput<T> | Promise<ToolOutput<T>> }

export class FakeSalesforce implements Salesforce {
  readonly calls: { tool: ToolName; runId: string | null }[] = []
  /** What a user may not read: record ids and `Object.Field`. */
  readonly hidden = new Map<string, Set<string>>()
  /** Answers instead of the usual ones. */
  answers: Answers = {}
  values = new Map<string, RecordValues>()
  drift: Drift[] = []
  /** Digests that the org was marked with. */
  readonly voided: string[] = []
  readonly #clock: Clock
  readonly #key: CryptoKey
  readonly #used = new Set<string>()
  #digest = ''

  constructor(clock: Clock, key: CryptoKey) {
    this.#clock = clock
    this.#key = key
  }

  async call<T extends ToolName>(
    tool: T,
    input: ToolInput<T>,
    { runId }: { runId: string | null },
  ): Promise<ToolOutput<T>> {
    this.calls.push({ tool, runId })
    const usual = this.#usual[tool] as Answers[T]
    const answer = (this.answers[tool] ?? usual) as ((input: ToolInput<T>) => Promise<ToolOutput<T>>) | undefined
    if (!answer) throw new Error(`no answer for ${tool}`)
    return answer(input)
  }

  readonly #usual: Answers = {
    getUserInfo: () => ({ organizationId: ORG_ID, userId: USERS.admin, username: 'reader', calls: 1 }),
    describeGrant: () => ({ objects: [], rosters: [], calls: 1 }),
    openGrant: ({ grant }) => ({ grant: sha256(JSON.stringify(grant)), until: '2100-01-01T00:00:00.000Z' }),
    activateGrant: () => ({ needs: 1, widenings: [], endsAt: '2100-01-01T00:00:00.000Z' }),
    withdrawGrant: () => ({ withdrawn: true }),
    resolveRoster: () => ({
      users: [
        { id: USERS.admin, name: 'Ada Admin' },
        { id: USERS.second, name: 'Sam Second' },
      ],
      calls: 1,
    }),
    checkVisibility: ({ userId, recordIds, fields }) => {
      const seen = (all: readonly string[]) =>
        Object.fromEntries(all.map((name) => [name, !this.hidden.get(userId)?.has(name)]))
      return { records: seen(recordIds), fields: seen(fields), unknown: [], calls: 1 }
    },
    acceptDecision: async ({ token }) => {
      const claims = await this.#claimsOf(token)
      if (this.#used.has(claims.jti)) throw refused('acceptDecision', 'this decision token was used before')
      this.#used.add(claims.jti)
      return { accepted: { token, takenAt: this.#clock.now(), seal: sha256(token) }, claims }
    },
    checkChangeSet: ({ base }) => ({ base, drift: [], blockers: [], gate: null, calls: 1 }),
    commitChangeSet: ({ leaves }) => {
      const open = leaves as OpenLeaf[]
      const { operations } = documentOf(open)
      const plan = planTransactions(operations)
      if (this.drift.length > 0) {
        const drift = this.drift
        this.drift = []
        return {
          digest: digestOf(open),
          drift,
          gate: null,
          lapsed: [],
          transactions: plan.map(({ n, kind }) => outcome(n, kind, 'notSent')),
          calls: 1,
        }
      }
      this.#digest = digestOf(open)
      const before = [...this.values.values()]
      this.write(operations)
      return {
        digest: this.#digest,
        before,
        drift: [],
        gate: null,
        lapsed: [],
        transactions: plan.map(({ n, kind }) => ({
          ...outcome(n, kind, 'written'),
          created: (n === 1 ? { followUp: TASK } : {}) as Record<string, string>,
        })),
        calls: 4,
      }
    },
    findCommitted: ({ leaves }) => {
      const open = leaves as OpenLeaf[]
      this.#digest = digestOf(open)
      const transactions = planTransactions(documentOf(open).operations).map(({ n, kind }) => ({
        ...outcome(n, kind, 'already'),
        created: (n === 1 ? { followUp: TASK } : {}) as Record<string, string>,
      }))
      return { digest: this.#digest, transactions, calls: 1 }
    },
    listReceipts: () => ({ receipts: [], more: false, calls: 1 }),
    voidChangeSet: ({ digest }) => {
      this.voided.push(digest)
      return { voided: true, receipt: null, calls: 1 }
    },
    readBack: () => ({
      records: [...this.values.values()],
      receipts: [{ id: TASK, key: receiptKey(this.#digest, 1), createdDate: this.#clock.now() }],
      calls: 1,
    }),
  }

  /** Does to the org what the operations say. */
  write(operations: readonly Operation[]): void {
    for (const op of operations) {
      if (op.kind === 'update') this.set(op.object, op.id, tosOf(op.fields))
      if (op.kind === 'create') this.set(op.object, TASK, tosOf(op.fields))
      if (op.kind === 'changeOwner') this.set(op.object, op.id, { OwnerId: op.to })
      if (op.kind === 'undelete') this.set(op.object, op.id, { IsDeleted: false, MasterRecordId: null })
      if (op.kind !== 'merge') continue
      this.set(op.object, op.survivor, tosOf(op.fields))
      for (const loser of op.losers) this.set(op.object, loser, { IsDeleted: true, MasterRecordId: op.survivor })
      for (const move of op.moves)
        if ('ids' in move) for (const id of move.ids) this.set(move.object, id, { [move.field]: op.survivor })
    }
  }

  set(object: string, id: string, values: Record<string, FieldValue>): void {
    this.values.set(id, { object, id, values: { ...this.values.get(id)?.values, ...values } })
  }

  hide(userId: string, ...what: string[]): void {
    this.hidden.set(userId, new Set([...(this.hidden.get(userId) ?? []), ...what]))
  }

  async #claimsOf(token: string): Promise<DecisionClaims> {
    try {
      const expected = { algorithms: ['RS256'], issuer: ORG_ID, audience: DECISION_AUDIENCE }
      const { payload } = await jwtVerify(token, this.#key, { ...expected, currentDate: new Date(this.#clock.now()) })
      return DecisionClaims.parse(payload)
    } catch {
      throw refused('acceptDecision', 'the decision token is not signed by the org')
    }
  }
}

export function refused(tool: ToolName, message: string): SalesforceError {
  return new SalesforceError(tool, { code: 'refused', message, orgCode: null, retryable: false })
}

export function unavailable(tool: ToolName): SalesforceError {
  return new SalesforceError(tool, { code: 'unavailable', message: 'no answer', orgCode: null, retryable: true })
}

const tosOf = (fields: Record<string, { to: FieldValue }>) =>
  Object.fromEntries(Object.entries(fields).map(([field, { to }]) => [field, to]))

/** What became of one write request; `error` is what the org said. */
export function outcome(
  n: number,
  kind: TransactionOutcome['kind'],
  status: TransactionOutcome['status'],
  error: TransactionOutcome['error'] = null,
): TransactionOutcome {
  return { n, kind, status, receiptId: null, created: {}, moved: [], error }
}
