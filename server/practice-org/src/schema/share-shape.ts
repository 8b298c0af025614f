// What an administrator says about sharing: organization-wide defaults and sharing rules, as data.
import { z } from 'zod'

/** Levels above what object permissions give, by how much they allow. */
export const LEVELS = ['None', 'Read', 'Edit', 'All'] as const
export type Level = (typeof LEVELS)[number]
export type SharingModel = 'Private' | 'Read' | 'ReadWrite' | 'ReadWriteTransfer' | 'FullAccess' | 'ControlledByParent'

/** Objects that an account shares along with itself, at levels of their own. */
export const CHILDREN = ['Opportunity', 'Case', 'Contact'] as const
export type Child = (typeof CHILDREN)[number]

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()])
const criterion = z.strictObject({
  field: z.string(),
  is: z.enum(['=', '!=', '<', '<=', '>', '>=', 'contains', 'starts with', 'blank']),
  value: scalar.optional(),
})
export type Criterion = z.infer<typeof criterion>

/** Some users, by developer name: of a public group, of a role, of a territory of the active model, or everybody. */
const people = z.union([
  z.strictObject({ group: z.string() }),
  z.strictObject({ role: z.string() }),
  z.strictObject({ roleAndSubordinates: z.string() }),
  z.strictObject({ territory: z.string() }),
  z.strictObject({ territoryAndSubordinates: z.string() }),
  z.strictObject({ allInternalUsers: z.literal(true) }),
])
const owners = z.union([people, z.strictObject({ queue: z.string() })])
export type Holder = z.infer<typeof owners>

const childLevel = z.enum(['None', 'Read', 'Edit']).default('None')
const rule = z
  .strictObject({
    object: z.string(),
    /** Whose records are shared; or */
    ownedBy: owners.optional(),
    /** which, by their fields: all must hold, and letters count as they are written. */
    when: z.array(criterion).min(1).optional(),
    with: people,
    access: z.enum(['Read', 'Edit']),
    /** Rules for accounts: what their opportunities, cases and contacts are shared as. */
    opportunities: childLevel,
    cases: childLevel,
    contacts: childLevel,
  })
  .refine(({ ownedBy, when }) => (ownedBy === undefined) !== (when === undefined), 'give either ownedBy or when')
export type SharingRule = z.infer<typeof rule>
/** A rule as it is written: levels that are not named are None. */
export type SharingRuleInput = z.input<typeof rule>

export const sharingSchema = z.strictObject({
  /** By object; what is not named stays as it was set up. */
  defaults: z
    .record(
      z.string(),
      z.enum(['Private', 'Read', 'ReadWrite', 'ReadWriteTransfer', 'FullAccess', 'ControlledByParent']),
    )
    .default({}),
  /** In place of the rules that the org was set up with; without it they stay. */
  rules: z.array(rule).optional(),
})
export type SharingSettings = z.infer<typeof sharingSchema>

/** The settings with more rules before theirs. Throws ZodError when one of these is no rule. */
export const withRules = (
  { defaults, rules = [] }: SharingSettings = { defaults: {} },
  more: readonly SharingRuleInput[],
): SharingSettings => ({ defaults, rules: [...more.map((each) => rule.parse(each)), ...rules] })

const USUAL: readonly SharingModel[] = ['Private', 'Read', 'ReadWrite']
const SPECIAL: Record<string, readonly SharingModel[]> = {
  Lead: [...USUAL, 'ReadWriteTransfer'],
  Case: [...USUAL, 'ReadWriteTransfer'],
  Contact: [...USUAL, 'ControlledByParent'],
  Campaign: [...USUAL, 'FullAccess'],
}
/** The defaults an org offers for an object that has owners. */
export const modelsOf = (object: string): readonly SharingModel[] => SPECIAL[object] ?? USUAL

/** The share object of an object, if it has one. */
export const shareName = (object: string): string =>
  object.endsWith('__c') ? object.replace(/__c$/, '__Share') : `${object}Share`

/** How a share object calls what it shares, and how far. */
export const shareFields = (object: string): { parent: string; level: string } =>
  object.endsWith('__c')
    ? { parent: 'ParentId', level: 'AccessLevel' }
    : { parent: `${object}Id`, level: `${object}AccessLevel` }
