import type { OrgRecord } from './rest.ts'

/** How the page lays out one object; field names that the user may not see are left out when shown. */
export interface ObjectLayout {
  icon: string
  /** The field a record is called by. */
  nameField: string
  list: { columns: string[]; orderBy: string }
  highlights: string[]
  sections: { title: string; fields: string[] }[]
  related: { title: string; object: string; lookup: string; fields: string[] }[]
  form: { title: string; fields: string[] }[]
}

const ADDRESS = (prefix: string): string[] =>
  ['Street', 'City', 'State', 'PostalCode', 'Country'].map((part) => prefix + part)
/** Lists of children that companies and persons share. */
const OF_ANY_ACCOUNT = [
  {
    title: 'Opportunities',
    object: 'Opportunity',
    lookup: 'AccountId',
    fields: ['Name', 'StageName', 'Amount', 'CloseDate'],
  },
  { title: 'Cases', object: 'Case', lookup: 'AccountId', fields: ['CaseNumber', 'Subject', 'Priority', 'Status'] },
]
const SYSTEM = {
  title: 'System Information',
  fields: ['CreatedById', 'CreatedDate', 'LastModifiedById', 'LastModifiedDate'],
}

/** Layouts by API name. An object without one has no page here. */
export const LAYOUTS: Record<string, ObjectLayout> = {
  Lead: {
    icon: 'standard:lead',
    nameField: 'Name',
    list: {
      columns: ['Name', 'Company', 'Status', 'Email', 'State', 'OwnerId', 'CreatedDate'],
      orderBy: 'CreatedDate DESC',
    },
    highlights: ['Company', 'Title', 'Phone', 'Email', 'Status'],
    sections: [
      {
        title: 'Lead Information',
        fields: ['Name', 'Company', 'Title', 'Status', 'Rating', 'LeadSource', 'OwnerId'],
      },
      { title: 'Contact Details', fields: ['Email', 'Phone', 'Website', 'Industry', ...ADDRESS('')] },
      SYSTEM,
    ],
    related: [],
    form: [
      { title: 'Lead Information', fields: ['FirstName', 'LastName', 'Company', 'Title', 'Status', 'LeadSource'] },
      { title: 'Contact Details', fields: ['Email', 'Phone', 'Website', 'Industry', ...ADDRESS('')] },
    ],
  },
  Account: {
    icon: 'standard:account',
    nameField: 'Name',
    list: { columns: ['Name', 'Industry', 'BillingCity', 'BillingCountry', 'Phone', 'OwnerId'], orderBy: 'Name' },
    highlights: ['Industry', 'Phone', 'Website', 'OwnerId'],
    sections: [
      {
        title: 'Account Information',
        fields: [
          'Name',
          'Type',
          'ParentId',
          'Industry',
          'AnnualRevenue',
          'NumberOfEmployees',
          'Phone',
          'Website',
          'OwnerId',
          'Description',
        ],
      },
      { title: 'Billing Address', fields: ADDRESS('Billing') },
      SYSTEM,
    ],
    related: [
      { title: 'Contacts', object: 'Contact', lookup: 'AccountId', fields: ['Name', 'Title', 'Email', 'Phone'] },
      ...OF_ANY_ACCOUNT,
    ],
    form: [
      {
        title: 'Account Information',
        fields: ['Name', 'Type', 'Industry', 'Phone', 'Website', 'AnnualRevenue', 'NumberOfEmployees', 'Description'],
      },
      { title: 'Billing Address', fields: ADDRESS('Billing') },
    ],
  },
  Contact: {
    icon: 'standard:contact',
    nameField: 'Name',
    list: { columns: ['Name', 'AccountId', 'Title', 'Email', 'Phone', 'OwnerId'], orderBy: 'Name' },
    highlights: ['AccountId', 'Title', 'Phone', 'Email', 'OwnerId'],
    sections: [
      {
        title: 'Contact Information',
        fields: ['Name', 'AccountId', 'Title', 'Email', 'Phone', 'MobilePhone', 'OwnerId', 'HasOptedOutOfEmail'],
      },
      { title: 'Mailing Address', fields: ADDRESS('Mailing') },
      SYSTEM,
    ],
    related: [
      { title: 'Cases', object: 'Case', lookup: 'ContactId', fields: ['CaseNumber', 'Subject', 'Priority', 'Status'] },
    ],
    form: [
      { title: 'Contact Information', fields: ['FirstName', 'LastName', 'Title', 'Email', 'Phone', 'MobilePhone'] },
    ],
  },
  Opportunity: {
    icon: 'standard:opportunity',
    nameField: 'Name',
    list: { columns: ['Name', 'AccountId', 'StageName', 'Amount', 'CloseDate', 'OwnerId'], orderBy: 'CloseDate DESC' },
    highlights: ['AccountId', 'CloseDate', 'Amount', 'StageName', 'OwnerId'],
    sections: [
      {
        title: 'Opportunity Information',
        fields: [
          'Name',
          'AccountId',
          'StageName',
          'Amount',
          'Probability',
          'CloseDate',
          'Type',
          'NextStep',
          'ForecastCategoryName',
          'LeadSource',
          'OwnerId',
          'Description',
        ],
      },
      SYSTEM,
    ],
    related: [],
    form: [
      {
        title: 'Opportunity Information',
        fields: ['Name', 'StageName', 'Amount', 'CloseDate', 'Type', 'NextStep', 'Description'],
      },
    ],
  },
  Case: {
    icon: 'standard:case',
    nameField: 'CaseNumber',
    list: {
      columns: ['CaseNumber', 'Subject', 'Status', 'Priority', 'AccountId', 'OwnerId'],
      orderBy: 'CaseNumber DESC',
    },
    highlights: ['Subject', 'Status', 'Priority', 'AccountId', 'OwnerId'],
    sections: [
      {
        title: 'Case Information',
        fields: [
          'CaseNumber',
          'Subject',
          'Status',
          'Priority',
          'Origin',
          'AccountId',
          'ContactId',
          'OwnerId',
          'Description',
        ],
      },
      SYSTEM,
    ],
    related: [],
    form: [{ title: 'Case Information', fields: ['Subject', 'Status', 'Priority', 'Origin', 'Description'] }],
  },
}

/** The account of a person, which is its own contact. */
const PERSON: ObjectLayout = {
  icon: 'standard:person_account',
  nameField: 'Name',
  list: { columns: [], orderBy: 'Name' },
  highlights: ['Phone', 'PersonEmail', 'PersonMobilePhone', 'OwnerId'],
  sections: [
    {
      title: 'Person Information',
      fields: ['Name', 'RecordTypeId', 'PersonTitle', 'PersonBirthdate', 'OwnerId'],
    },
    {
      title: 'Contact Details',
      fields: ['PersonEmail', 'Phone', 'PersonMobilePhone', 'PersonHomePhone', 'PersonHasOptedOutOfEmail', 'Website'],
    },
    { title: 'Mailing Address', fields: ADDRESS('PersonMailing') },
    { title: 'Billing Address', fields: ADDRESS('Billing') },
    SYSTEM,
  ],
  related: OF_ANY_ACCOUNT,
  form: [
    {
      title: 'Person Information',
      fields: ['FirstName', 'LastName', 'PersonTitle', 'PersonEmail', 'Phone', 'PersonMobilePhone', 'Website'],
    },
    { title: 'Mailing Address', fields: ADDRESS('PersonMailing') },
  ],
}

/** How the page lays out a record, or a new one of the object. */
export function layoutOf(object: string, record?: OrgRecord): ObjectLayout | undefined {
  return object === 'Account' && record?.['IsPersonAccount'] === true ? PERSON : LAYOUTS[object]
}

/** Names of the fields that a layout of the object may need, and of the one that tells which layout it is. */
export function fieldsFor(object: string, of: (layout: ObjectLayout) => string[]): string[] {
  const layouts = [LAYOUTS[object], ...(object === 'Account' ? [PERSON] : [])].filter((layout) => layout !== undefined)
  return [...new Set([...layouts.flatMap(of), ...(object === 'Account' ? ['IsPersonAccount'] : [])])]
}
