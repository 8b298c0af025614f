// Who owns the seeded records: the org's own sellers, and in a large org many more of them.
import type { Caller, Org } from '../org/org.ts'
import type { RecordJson } from '../org/values.ts'
import type { Row } from './account.ts'
import type { Chance } from '../org/chance.ts'
import { PEOPLE_NAMES } from './words.ts'

const ADMIN = 'admin@practice.example'
const SELLER = 'rep@practice.example'
const TERRITORIES = ['West', 'East', 'EMEA', 'APAC', 'LATAM']
const ACCOUNTS_PER_SELLER = 2500

export type Owners = Record<string, string[]>

/** Sellers by territory, under `*` who owns what belongs to none. Loads as many more as `accounts` accounts need. */
export function hireOwners(org: Org, accounts: number, chance: Chance): Owners {
  const admin = org.user(ADMIN)!
  const caller: Caller = { userId: admin.id, api: 'rest', version: '66.0' }
  const rows = (soql: string): RecordJson[] => org.query(caller, soql).records
  const seller = rows(`SELECT ProfileId, UserRoleId, ManagerId FROM User WHERE Username = '${SELLER}'`)[0]
  const more = Array.from({ length: Math.floor(accounts / ACCOUNTS_PER_SELLER) }, (_, n) =>
    sellerRow(n, seller, chance),
  )
  const ids = org.load('User', more)
  const sets = rows(`SELECT Id FROM PermissionSet WHERE ProfileId = '${String(seller?.['ProfileId'])}'`)
  org.load(
    'PermissionSetAssignment',
    ids.flatMap((AssigneeId) => sets.map((set) => ({ PermissionSetId: String(set['Id']), AssigneeId }))),
  )
  const owners: Owners = {}
  const known = rows('SELECT Id, Department FROM User WHERE Department != null ORDER BY Username')
  for (const { Id, Department } of known) (owners[String(Department)] ??= []).push(String(Id))
  owners['*'] = [admin.id]
  return owners
}

/** One in ten has left and still owns what was hers. */
function sellerRow(n: number, seller: RecordJson | undefined, chance: Chance): Row {
  const [FirstName, LastName] = [chance.pick(PEOPLE_NAMES.given), chance.pick(PEOPLE_NAMES.family)]
  const login = `seller${n + 1}`
  return {
    FirstName,
    LastName,
    Name: `${FirstName} ${LastName}`,
    Username: `${login}@practice.example`,
    Email: `${login}@practice.example`,
    Alias: login.slice(0, 8),
    CommunityNickname: login,
    Title: 'Account Executive',
    Department: TERRITORIES[n % TERRITORIES.length]!,
    CompanyName: 'Practice Org',
    UserType: 'Standard',
    IsActive: !chance.in100(10),
    ProfileId: String(seller?.['ProfileId']),
    UserRoleId: String(seller?.['UserRoleId']),
    ManagerId: String(seller?.['ManagerId']),
  }
}
