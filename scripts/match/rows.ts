// Which columns of a file say what about a company or a person.
import { factsOfAccount, type CompanyFacts } from '../../server/brain/matching/facts/company-facts.ts'
import { factsOfPerson, type PersonFacts } from '../../server/brain/matching/people/person-facts.ts'
import type { Row } from './csv-file.ts'

type Fields = Readonly<Record<string, string>>

/** Field for each spelling of a column, in small letters without signs. */
const fieldsOf = (spellings: Record<string, string>): Fields =>
  Object.fromEntries(Object.entries(spellings).flatMap(([field, all]) => all.split(' ').map((each) => [each, field])))

const COMPANY_FIELDS = fieldsOf({
  id: 'id recordid accountid',
  Name: 'name company companyname accountname account organization organisation',
  BillingStreet: 'address addr street streetaddress address1 billingstreet billingaddress',
  BillingCity: 'city town billingcity',
  BillingState: 'state province region billingstate',
  BillingPostalCode: 'postal postalcode postcode zip zipcode billingpostalcode billingzip',
  BillingCountry: 'country billingcountry countrycode',
  Phone: 'phone telephone tel phonenumber',
  Website: 'website domain url web homepage site',
  Email: 'email emailaddress mail',
  DunsNumber: 'duns dunsnumber',
  ParentId: 'parentid',
})

const PERSON_FIELDS = fieldsOf({
  id: 'id recordid contactid leadid',
  Name: 'name fullname contactname personname',
  FirstName: 'firstname givenname forename first',
  MiddleName: 'middlename middle',
  LastName: 'lastname surname familyname last',
  Suffix: 'suffix',
  Email: 'email emailaddress mail',
  Phone: 'phone telephone tel phonenumber',
  MobilePhone: 'mobile mobilephone cell cellphone',
  'Account.Name': 'company companyname account accountname employer organization organisation',
  AccountId: 'accountid',
  Birthdate: 'birthdate dateofbirth dob birthday',
  MailingStreet: 'address addr street streetaddress address1 mailingstreet',
  MailingCity: 'city town mailingcity',
  MailingState: 'state province region mailingstate',
  MailingPostalCode: 'postal postalcode postcode zip zipcode mailingpostalcode',
  MailingCountry: 'country mailingcountry',
})

const plain = (column: string) => column.toLowerCase().replaceAll(/[^a-z0-9]/g, '')

/** Columns that say something, and those that say nothing. */
interface Understood {
  isPeople: boolean
  known: string[]
  ignored: string[]
}

/** Reads from the columns whether the records are persons: they have a first or last name, or a name beside a company. */
export function understood(columns: readonly string[]): Understood {
  const names = new Set(columns.map((column) => PERSON_FIELDS[plain(column)]))
  const isPeople = names.has('FirstName') || names.has('LastName') || (names.has('Name') && names.has('Account.Name'))
  const fields = isPeople ? PERSON_FIELDS : COMPANY_FIELDS
  const known = columns.filter((column) => plain(column) in fields)
  const hasName = known.some((column) => /Name$/.test(fields[plain(column)] ?? ''))
  if (!hasName && !(isPeople && known.length > 0))
    throw new Error(
      `The file has no column with a name; its columns are ${columns.join(', ')}. For companies: ${listed(COMPANY_FIELDS)}. For persons: ${listed(PERSON_FIELDS)}`,
    )
  return { isPeople, known, ignored: columns.filter((column) => !known.includes(column)) }
}

/** The first spelling of each column. */
const listed = (fields: Fields) =>
  [
    ...new Map(
      Object.entries(fields)
        .reverse()
        .map(([column, field]) => [field, column]),
    ).values(),
  ]
    .reverse()
    .join(', ')

/** Facts of a company's row. */
export function companyOfRow(row: Row, number: number): CompanyFacts {
  const { id, Email: email, ...values } = valuesOf(row, COMPANY_FIELDS)
  // The domain of an e-mail address stands for a website that is not given.
  const website = values['Website'] ?? email
  return factsOfAccount(id ?? String(number), website === undefined ? values : { ...values, Website: website })
}

/** Facts of a person's row. */
export function personOfRow(row: Row, number: number): PersonFacts {
  const { id, ...values } = valuesOf(row, PERSON_FIELDS)
  return factsOfPerson('Contact', id ?? String(number), values)
}

function valuesOf(row: Row, fields: Fields): Record<string, string> {
  return Object.fromEntries(
    Object.entries(row).flatMap(([column, value]) => {
      const field = fields[plain(column)]
      return field === undefined || value === '' ? [] : [[field, value]]
    }),
  )
}
