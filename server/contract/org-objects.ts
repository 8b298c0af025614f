// Facts about the standard objects of an org, each from docs/salesforce-facts.md.

/** Standard objects that Salesforce lists as restorable (#recycle-bin); custom objects are, too. */
const RESTORABLE = new Set(
  'Account Asset Campaign Case Contact ContentDocument Contract Event Lead Opportunity Product2 Solution Task'.split(
    ' ',
  ),
)

/** Whether a deleted record of the object can be taken out of the Recycle Bin. */
export const isRestorable = (object: string): boolean => RESTORABLE.has(object) || object.endsWith('__c')

/** Whether records of the object have a team, which a change of the owner may drop (#changing-the-owner). */
export const hasTeam = (object: string): boolean => ['Account', 'Opportunity'].includes(object)

const PARENTS: Readonly<Record<string, string>> = {
  Owner: 'User',
  Parent: 'Account',
  LastModifiedBy: 'User',
  CreatedBy: 'User',
}

/** The object that a field's relationship leads to: `Owner` to User; what is not listed, to an object of its name. */
export const parentObject = (relationship: string): string => PARENTS[relationship] ?? relationship

/** The object whose records are told apart as one company or another. */
export const MATCHED_OBJECT = 'Account'

/** Where an org keeps the status that a converted lead gets (#converting-a-lead). */
export const CONVERTED_STATUS = { object: 'LeadStatus', fields: ['ApiName', 'MasterLabel', 'IsConverted'] } as const
