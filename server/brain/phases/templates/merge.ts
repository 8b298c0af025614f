import type { MergeTemplate } from '../../domain/mission.ts'
import { named } from '../../domain/named-record.ts'
import type { NewObservation } from '../../domain/run.ts'
import { badgesOf } from '../../questions/same-entity/propose/badges.ts'
import { mergeChecks, mergeWrongIf } from '../../questions/same-entity/propose/checks.ts'
import { namedChild, relatedCount } from '../../questions/same-entity/propose/account.ts'
import { planMerge, type MergePlan } from '../../questions/same-entity/propose/merge-plan.ts'
import { mergeSentence } from '../../questions/same-entity/propose/wording.ts'
import { companyOf, type SameEntityQuestion } from '../../questions/same-entity/question.ts'
import type { SameEntityAnswer } from '../../questions/same-entity/shapes/reasoner.ts'
import { holds } from '../given/given.ts'
import { NOTHING, type Drafting, type Part } from './part.ts'

/** Merges the accounts that a question found to be one company, as far as the policy lets them. */
export function mergePart(template: MergeTemplate, { mission, given, answers }: Drafting): Part {
  const question = mission.definition.reason.find(({ name }) => name === template.of)
  if (!question || !holds(template.when, given)) return NOTHING
  const answer = answers[template.of] as SameEntityAnswer
  const company = companyOf(question.asked as SameEntityQuestion, answer, given)
  if (!company) return NOTHING
  const types = given.evidence.types[company.survivor.object] ?? {}
  const amounts = Object.keys(types).filter((field) => types[field] === 'currency')
  const plan = planMerge(template, given.steps, company.members, company.policy, amounts)
  if (plan.losers.length === 0) return { ...NOTHING, say: plan.say }
  return {
    operations: plan.operations,
    sentence: (words) => mergeSentence(words, plan, answer),
    say: [...plan.say, ...removedSaid(plan)],
    badges: badgesOf(plan),
    gatedFields: plan.moves.some(({ amount }) => amount !== null && amount !== '0') ? ['Opportunity.Amount'] : [],
    checks: mergeChecks(answer, plan.survivor, plan.losers),
    wrongIf: mergeWrongIf(plan.survivor, plan.losers),
    lost: [
      ...(plan.survival?.lost ?? []).map(({ id, field, value }) => ({
        record: { object: plan.survivor.object, id },
        field,
        value,
      })),
      ...lostRoles(plan),
    ],
    moves: plan.moves,
    names: namesOf(plan),
    before: plan.shared.before,
    related: Object.fromEntries([plan.survivor, ...plan.losers].map((each) => [each.id, relatedCount(each)])),
  }
}

/** What a relation that is removed says, and its contact's other relation does not take over. */
function lostRoles({ shared }: MergePlan): Part['lost'] {
  return shared.deletes.flatMap(({ operation: { object, id } }) => {
    const roles = shared.before[id]?.['Roles']
    return typeof roles === 'string' && roles !== '' ? [{ record: { object, id }, field: 'Roles', value: roles }] : []
  })
}

function removedSaid({ shared }: MergePlan): NewObservation[] {
  return shared.deletes.map(({ operation }) => ({
    kind: 'concluded',
    text: ['A related contact is on both accounts; the indirect relation is removed first'],
    records: [{ object: operation.object, id: operation.id }],
  }))
}

function namesOf({ survivor, losers, moves, shared }: MergePlan): Part['names'] {
  const contacts = [survivor, ...losers].flatMap(({ children }) => children?.['Contacts']?.records ?? [])
  return [
    ...contacts.map((contact) => namedChild('Contact', contact)),
    ...moves.flatMap(({ names }) => names),
    ...shared.deletes.map(({ operation }) => ({
      object: operation.object,
      id: operation.id,
      name: 'Contact relation',
    })),
    ...[survivor, ...losers].map(named),
  ]
}
