// Acme Corp as an account and as the company of a lead, and what the phases made of them.
import type { Operation } from '../../../../server/contract/operations/operation.ts'
import type { Thought } from './fake-context.ts'

export const SEES_ALL = { record: () => true, field: () => true }

export const acme = {
  Name: 'Acme Corp',
  Website: 'acme.com',
  Phone: '+1 617 555 0188',
  BillingState: 'MA',
  BillingCountry: 'US',
}
export const fromAcme = { Company: 'Acme', Email: 'lee@acme.com', Phone: '617 555 0188' }

/** The proposed operations of one kind. */
export const ofKind = <K extends Operation['kind']>(
  { proposal }: Pick<Thought, 'proposal'>,
  kind: K,
): Extract<Operation, { kind: K }>[] =>
  (proposal?.operations ?? []).filter((op): op is Extract<Operation, { kind: K }> => op.kind === kind)

/** The verdict of a run that ended, else how its last phase ended. */
export const verdictOf = ({ outcome }: Thought): string => (outcome.kind === 'finish' ? outcome.verdict : outcome.kind)
