// Profiles of a practice org. The first is the standard one; the others are clones of Standard User with what a company
// changes: what they grant on standard objects is what Standard User grants, with the differences that stand here [K].
import type { Level, RightsSet } from './rights-set.ts'

/** What Standard User may do besides reading and editing records, without View Setup [K]. */
const STANDARD_USER = ['ActivitiesAccess', 'ApiEnabled', 'ConvertLeads', 'EditEvent', 'EditTask']
const MONEY = ['Opportunity.Amount', 'Opportunity.ExpectedRevenue', 'Account.AnnualRevenue']

const profile = (
  name: string,
  userPermissions: readonly string[],
  levelOf: (object: string) => Level = () => 'none',
  hidden: readonly string[] = [],
): RightsSet => ({ name, label: name, userPermissions, levelOf, hidden })

export const PROFILES: readonly RightsSet[] = [
  profile(
    'System Administrator',
    [
      ...STANDARD_USER,
      ...[
        'AuthorApex',
        'ModifyAllData',
        'TransferAnyEntity',
        'TransferAnyLead',
        'ViewAllData',
        'ViewRoles',
        'ViewSetup',
      ],
    ],
    () => 'editAll',
  ),
  profile('Revenue Operations', [...STANDARD_USER, 'TransferAnyEntity', 'TransferAnyLead'], () => 'editAll'),
  profile('Sales User', STANDARD_USER, (object) => (object === 'Account' ? 'edit' : 'full'), MONEY),
  profile('Sales Manager', STANDARD_USER, () => 'readAll'),
  profile('Auditor', ['ActivitiesAccess', 'ApiEnabled', 'ViewAllData'], () => 'readAll'),
  // Nothing but signing in over an API: what such a user may do comes from permission sets [K].
  profile('Minimum Access - API Only Integrations', ['ActivitiesAccess', 'ApiEnabled', 'ApiUserOnly']),
]
