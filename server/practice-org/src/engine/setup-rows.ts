// What a new org is set up with: licences, the standard duplicate rules, contract statuses, the standard price book.
import type { Catalog } from '../schema/catalog.ts'
import { makeId } from '../schema/ids.ts'
import type { Value } from '../org/values.ts'

type Rows = Record<string, Value>[]

/** Names of rule and matching rule, and their labels (docs/sources.md#duplicate-rules); the last two matching rules [K]. */
const DUPLICATE_RULES = [
  ['Account', 'Standard_Account_Duplicate_Rule', 'Standard_Account_Match_Rule_v1_0'],
  ['Contact', 'Standard_Contact_Duplicate_Rule', 'Standard_Contact_Match_Rule_v1_1'],
  ['Lead', 'Standard_Lead_Duplicate_Rule', 'Standard_Lead_Match_Rule_v1_0'],
] as const
const CONTRACT_STATUSES = [
  ['Draft', 'Draft'],
  ['In Approval Process', 'InApproval'],
  ['Activated', 'Activated'],
] as const

/** Rows to load into an empty org; every id is fixed. */
export function setupRows(catalog: Catalog): [object: string, rows: Rows][] {
  const id = (object: string, n: number): string => makeId(catalog.get(object).keyPrefix ?? '000', n)
  const rules = (object: 'DuplicateRule' | 'MatchingRule', name: 1 | 2): [string, Rows] => [
    object,
    DUPLICATE_RULES.map((rule, i) => ({
      Id: id(object, i + 1),
      MasterLabel:
        object === 'DuplicateRule' ? `Standard ${rule[0]} Duplicate Rule` : `Standard ${rule[0]} Matching Rule`,
      DeveloperName: rule[name],
      SobjectType: rule[0],
    })),
  ]
  return [
    [
      'UserLicense',
      [
        {
          Id: id('UserLicense', 1),
          Name: 'Salesforce',
          MasterLabel: 'Salesforce',
          LicenseDefinitionKey: 'SFDC',
          TotalLicenses: 20,
        },
      ],
    ],
    rules('DuplicateRule', 1),
    rules('MatchingRule', 2),
    [
      'ContractStatus',
      CONTRACT_STATUSES.map(([name, code], i) => ({
        Id: id('ContractStatus', i + 1),
        MasterLabel: name,
        ApiName: name,
        SortOrder: i + 1,
        IsDefault: i === 0,
        StatusCode: code,
      })),
    ],
    ['Pricebook2', [{ Id: id('Pricebook2', 1), Name: 'Standard Price Book', IsActive: true, IsStandard: true }]],
  ]
}
