// The calls that an org refuses, each with its status, code, words and fields (docs/sources.md#errors).
import { expect } from 'vitest'

/** Records the calls are about; filled in before they are made. */
export const ids = {
  account: '',
  deleted: '',
  withCase: '',
  lead: '',
  converted: '',
  twin: '',
  rep: '',
  shipment: '',
  recordType: '',
}

export const text = expect.any(String) as string

export interface Call {
  as?: 'admin' | 'rep'
  method?: string
  path: () => string
  body?: () => unknown
  headers?: Record<string, string>
}
export type Expected = [status: number, errorCode: string, message: string, fields?: string[]]

export const query = (soql: () => string, as: 'admin' | 'rep' = 'admin'): Call => ({
  as,
  path: () => `/query?q=${encodeURIComponent(soql())}`,
})
export const post = (object: string, body: () => unknown, as: 'admin' | 'rep' = 'admin'): Call => ({
  as,
  method: 'POST',
  path: () => `/sobjects/${object}`,
  body,
})
const patch = (path: () => string, body: unknown, as: 'admin' | 'rep' = 'admin'): Call => ({
  as,
  method: 'PATCH',
  path,
  body: () => body,
})

const HINT =
  "If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names."
const ABSENT = 'The requested resource does not exist'

export const REFUSALS: [what: string, call: Call, expected: Expected][] = [
  [
    'a word that no query begins with',
    query(() => 'SELEKT Id FROM Account'),
    [400, 'MALFORMED_QUERY', 'unexpected token: SELEKT'],
  ],
  [
    'a query that breaks off in the middle',
    query(() => 'SELECT Id, FROM Account'),
    [400, 'MALFORMED_QUERY', expect.stringContaining("\nERROR at Row:1:Column:12\nunexpected token: 'FROM'") as string],
  ],
  [
    'an unknown field of a query',
    query(() => 'SELECT Bacon__c FROM Account LIMIT 2'),
    [
      400,
      'INVALID_FIELD',
      `\nSELECT Bacon__c FROM Account LIMIT 2\n       ^\nERROR at Row:1:Column:8\nNo such column 'Bacon__c' on entity 'Account'. ${HINT}`,
    ],
  ],
  [
    'a field selected twice',
    query(() => 'SELECT Id, Id FROM Account'),
    [400, 'INVALID_FIELD', 'duplicate field selected: Id'],
  ],
  [
    'a filter by a long text',
    query(() => "SELECT Id FROM Account WHERE Description = 'x'"),
    [
      400,
      'INVALID_FIELD',
      expect.stringContaining("field 'Description' can not be filtered in a query call") as string,
    ],
  ],
  [
    'an unknown object of a query',
    query(() => 'SELECT Id FROM Bacon__c'),
    [
      400,
      'INVALID_TYPE',
      expect.stringContaining("ERROR at Row:1:Column:16\nsObject type 'Bacon__c' is not supported.") as string,
    ],
  ],
  [
    'a query that is not given',
    { path: () => '/query' },
    [400, 'MALFORMED_QUERY', 'A query string has to be specified'],
  ],
  ['an empty query', query(() => ''), [400, 'MALFORMED_QUERY', 'SOQL statements cannot be empty or null']],
  [
    'an offset beyond 2,000',
    query(() => 'SELECT Id FROM Account OFFSET 2001'),
    [400, 'NUMBER_OUTSIDE_VALID_RANGE', 'Maximum SOQL offset allowed is 2000'],
  ],
  [
    'a locator that is none',
    { path: () => '/query/01g000000000000AAA-2000' },
    [400, 'INVALID_QUERY_LOCATOR', 'invalid query locator'],
  ],
  [
    'a search without a term',
    { path: () => '/search?q=FIND' },
    [400, 'MALFORMED_SEARCH', 'No search term found. The search term must be enclosed in braces.'],
  ],
  [
    'an unknown field of a row',
    post('Account', () => ({ Name: 'x', Bacon__c: 1 })),
    [400, 'INVALID_FIELD', "No such column 'Bacon__c' on sobject of type Account"],
  ],
  ['an unknown object', post('Bacon__c', () => ({})), [404, 'NOT_FOUND', ABSENT]],
  ['an unknown id', { path: () => '/sobjects/Account/001000000000000AAA' }, [404, 'NOT_FOUND', ABSENT]],
  ['an unknown path', { path: () => '/nothing/here' }, [404, 'NOT_FOUND', ABSENT]],
  ['a field that is no external id', patch(() => '/sobjects/Account/Phone/1', {}), [404, 'NOT_FOUND', text]],
  [
    'a deleted row',
    { path: () => `/sobjects/Account/${ids.deleted}` },
    [404, 'ENTITY_IS_DELETED', 'entity is deleted', []],
  ],
  [
    'a missing field',
    post('Account', () => ({ Phone: '1' })),
    [400, 'REQUIRED_FIELD_MISSING', 'Required fields are missing: [Name]', ['Name']],
  ],
  [
    'several missing fields',
    post('Opportunity', () => ({ Name: 'x' })),
    [400, 'REQUIRED_FIELD_MISSING', 'Required fields are missing: [StageName, CloseDate]', ['StageName', 'CloseDate']],
  ],
  [
    'a value outside a restricted picklist',
    post('Account', () => ({ Name: 'x', CleanStatus: 'Amazing' })),
    [
      400,
      'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
      'Clean Status: bad value for restricted picklist field: Amazing',
      ['CleanStatus'],
    ],
  ],
  [
    'a text that is too long',
    post('Account', () => ({ Name: 'x', Phone: 'p'.repeat(41) })),
    [400, 'STRING_TOO_LONG', `Account Phone: data value too large: ${'p'.repeat(41)} (max length=40)`, ['Phone']],
  ],
  [
    'a field that nobody writes',
    post('Account', () => ({ Name: 'x', CreatedDate: '2026-01-01T00:00:00Z' })),
    [
      400,
      'INVALID_FIELD_FOR_INSERT_UPDATE',
      'Unable to create/update fields: CreatedDate. Please check the security settings of this field and verify that it is read/write for your profile or permission set.',
      ['CreatedDate'],
    ],
  ],
  [
    'an id of the wrong type',
    post('Contact', () => ({ LastName: 'x', AccountId: ids.lead })),
    [400, 'MALFORMED_ID', expect.stringContaining('id value of incorrect type: ') as string, ['AccountId']],
  ],
  [
    'a lookup of nothing',
    post('Contact', () => ({ LastName: 'x', AccountId: '001000000000000AAA' })),
    [400, 'INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id', []],
  ],
  [
    'a lookup of a deleted row',
    post('Contact', () => ({ LastName: 'x', AccountId: ids.deleted })),
    [400, 'ENTITY_IS_DELETED', 'entity is deleted', []],
  ],
  [
    'a record type of another object',
    post('Account', () => ({ Name: 'x', RecordTypeId: ids.recordType })),
    [
      400,
      'INVALID_CROSS_REFERENCE_KEY',
      expect.stringMatching(/^Record Type ID: this ID value isn't valid for the user: 012/) as string,
      ['RecordTypeId'],
    ],
  ],
  [
    'an owner who may not read what he is given',
    patch(() => `/sobjects/Shipment__c/${ids.shipment}`, {
      get OwnerId() {
        return ids.rep
      },
    }),
    [400, 'TRANSFER_REQUIRES_READ', text, ['OwnerId']],
  ],
  [
    'a lookup of a row that is not shared',
    post('Contact', () => ({ LastName: 'x', AccountId: ids.account }), 'rep'),
    [400, 'INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY', text, []],
  ],
  [
    'a change of a row that is not shared',
    patch(() => `/sobjects/Account/${ids.account}`, { Phone: '1' }, 'rep'),
    [400, 'INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id', []],
  ],
  [
    'what a validation rule forbids',
    post('Account', () => ({ Name: 'Forbidden' })),
    [400, 'FIELD_CUSTOM_VALIDATION_EXCEPTION', 'Not this name', ['Name']],
  ],
  [
    'a value of a dependent picklist',
    post('Account', () => ({ Name: 'x', Type: 'Prospect', Rating: 'Cold' })),
    [400, 'FIELD_INTEGRITY_EXCEPTION', text, ['Rating']],
  ],
  [
    'a value that must be unique',
    post('Shipment__c', () => ({ Key__c: 'taken' })),
    [
      400,
      'DUPLICATE_VALUE',
      expect.stringMatching(/^duplicate value found: Key__c duplicates value on record with id: a00\w{12}$/) as string,
      [],
    ],
  ],
  [
    'a row that another transaction holds',
    patch(() => `/sobjects/Lead/${ids.lead}`, { Title: 'x' }),
    [
      400,
      'UNABLE_TO_LOCK_ROW',
      expect.stringMatching(/^unable to obtain exclusive access to this record or 1 records: 00Q\w{15}$/) as string,
      [],
    ],
  ],
  [
    'an address that is none',
    post('Contact', () => ({ LastName: 'x', Email: 'nobody' })),
    [400, 'INVALID_EMAIL_ADDRESS', 'Email: invalid email address: nobody', ['Email']],
  ],
  [
    'a number that is too large',
    post('Account', () => ({ Name: 'x', NumberOfEmployees: 1e9 })),
    [400, 'NUMBER_OUTSIDE_VALID_RANGE', text, ['NumberOfEmployees']],
  ],
  [
    'a body that is no JSON',
    post('Account', () => 'x'),
    [
      400,
      'JSON_PARSER_ERROR',
      expect.stringMatching(/^Unexpected character \('x' \(code 120\)\): .* at \[line:1, column:2\]$/) as string,
    ],
  ],
  [
    'a value of the wrong kind',
    post('Contact', () => ({ LastName: 'x', Birthdate: 'soon' })),
    [
      400,
      'JSON_PARSER_ERROR',
      expect.stringContaining('Cannot deserialize instance of date from VALUE_STRING value soon') as string,
    ],
  ],
  [
    'a method that a resource lacks',
    { method: 'PUT', path: () => '/sobjects/Account/001000000000000AAA' },
    [405, 'METHOD_NOT_ALLOWED', "HTTP Method 'PUT' not allowed. Allowed are DELETE,GET,HEAD,PATCH,POST"],
  ],
  [
    'a row on which others depend',
    { method: 'DELETE', path: () => `/sobjects/Account/${ids.withCase}` },
    [
      400,
      'DELETE_FAILED',
      expect.stringMatching(
        /^Your attempt to delete With Case could not be completed because it is associated with the following cases\.: \d{8}$/,
      ) as string,
      [],
    ],
  ],
  [
    'a converted lead',
    patch(() => `/sobjects/Lead/${ids.converted}`, { Title: 'x' }, 'rep'),
    [400, 'CANNOT_UPDATE_CONVERTED_LEAD', 'cannot reference converted lead', []],
  ],
  [
    'a body of another kind',
    { ...post('Account', () => 'Name,x'), headers: { 'content-type': 'text/csv' } },
    [415, 'UNSUPPORTED_MEDIA_TYPE', text],
  ],
]
