// Requests that look like an org's, and are wrong somewhere.
import fc from 'fast-check'
import { oauthShots } from '../support/malformed-oauth.ts'

/** Stands for an access token that is good; the sender puts it in. */
export const TOKEN = 'THE-TOKEN'
/** Stands for the id of an account that is there. */
export const TARGET = 'THE-TARGET'

export interface Shot {
  method: string
  path: string
  headers: Record<string, string>
  body: string
}

const word = fc.oneof(
  fc.constantFrom(
    'Account',
    'Lead',
    'Nope__c',
    'Practice_Signal__e',
    'Name',
    'Id',
    'OwnerId',
    '__proto__',
    'constructor',
  ),
  fc.constantFrom(
    "'",
    '"',
    '\\',
    '%',
    '..',
    '@{a.id}',
    '{',
    '<',
    '\u0000',
    '🦊',
    'null',
    '-1',
    '1e999',
    '001000000000001AAA',
  ),
  fc.string({ maxLength: 12 }),
)
const segment = word.map(encodeURIComponent)

const resource = fc.constantFrom(
  ...['sobjects', 'sobjects/Account', 'sobjects/Account/ID', 'sobjects/Account/Id/ID', 'sobjects/Account/ID/Contacts'],
  ...['sobjects/Shipment__c/Key__c/x', 'sobjects/Practice_Signal__e', 'sobjects/StreamingChannel/ID/push'],
  ...[
    'sobjects/Account/describe',
    'sobjects/Account/updated',
    'sobjects/Account/deleted',
    'query',
    'queryAll',
    'search',
  ],
  ...['query/01gXXXXXXXXXXXX-2000', 'parameterizedSearch', 'limits', 'recent', 'tooling/query', 'composite'],
  ...[
    'composite/batch',
    'composite/graph',
    'composite/tree/Account',
    'composite/sobjects',
    'composite/sobjects/Account',
  ],
  ...[
    'composite/sobjects/Shipment__c/Key__c',
    'jobs/ingest',
    'jobs/query',
    'jobs/ingest/ID',
    'jobs/ingest/ID/batches',
    'jobs/ingest?queryLocator=x',
    'jobs/query/ID/results',
    'jobs/query/ID/resultPages',
  ],
  ...['tabs', 'theme', 'appMenu', 'nouns', 'actions', 'actions/standard/customNotificationAction', 'quickActions'],
  ...[
    'sobjects/Attachment',
    'sobjects/Attachment/ID/Body',
    'sobjects/ContentVersion',
    'sobjects/Account/ID/Owner/Manager',
  ],
  ...['search/suggestions', 'search/scopeOrder', 'compactLayouts', 'event/eventSchema/ID', 'tooling/sobjects'],
)
const path = fc.oneof(
  { weight: 4, arbitrary: resource.map((one) => one.replace('ID', TARGET)) },
  { weight: 1, arbitrary: fc.array(segment, { maxLength: 5 }).map((parts) => parts.join('/')) },
)
const soql = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'SELECT',
        'FROM',
        'WHERE',
        'Account',
        'Id',
        'Name',
        '(',
        ')',
        ',',
        '=',
        "'x'",
        'LIKE',
        'IN',
        'COUNT()',
      ),
      fc.constantFrom(
        'GROUP BY',
        'HAVING',
        'ORDER BY',
        'LIMIT',
        'OFFSET',
        'NULLS',
        'TODAY',
        'Owner.Name',
        'AND',
        'OR',
        'NOT',
      ),
      fc.constantFrom(
        'FIND',
        '{x}',
        '{',
        '}',
        'RETURNING',
        'TYPEOF',
        'WHEN',
        'FIELDS(ALL)',
        'toLabel(',
        'LAST_N_DAYS:',
        '99999',
      ),
      word,
    ),
    { maxLength: 14 },
  )
  .map((words) => words.join(' '))
const query = fc.oneof(
  fc.constant(''),
  soql.map((text) => `?q=${encodeURIComponent(text)}`),
  soql.map((text) => `?q=${encodeURIComponent(`SELECT Id FROM Account WHERE ${text}`)}`),
  fc.tuple(segment, segment).map(([name, value]) => `?${name}=${value}`),
  fc.constantFrom(
    '?start=x&end=y',
    '?fields=Nope',
    '?ids=a,b',
    '?q=FIND',
    '?columns=true&q=SELECT',
    '?_HttpMethod=PATCH',
    '?%',
    '?explain=x',
  ),
)
const leaf = fc.oneof(word, fc.integer(), fc.double(), fc.boolean(), fc.constant(null))
const key = fc.oneof(
  fc.constantFrom(
    'Name',
    'attributes',
    'type',
    'records',
    'allOrNone',
    'compositeRequest',
    'batchRequests',
    'graphs',
    'url',
  ),
  fc.constantFrom(
    'method',
    'referenceId',
    'body',
    'q',
    'sobjects',
    'inputs',
    'operation',
    'object',
    'query',
    'state',
    'Id',
  ),
  word,
)
const { json } = fc.letrec((tie) => ({
  json: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    fc.array(tie('json'), { maxLength: 4 }),
    fc.array(fc.tuple(key, tie('json')), { maxLength: 5 }).map((pairs) => Object.fromEntries(pairs) as unknown),
  ),
}))
const nearly = fc
  .tuple(path, fc.constantFrom('GET', 'POST', 'PATCH', 'DELETE', 'PUT', 'get', ''), json)
  .map(([url, method, body]) => ({
    allOrNone: true,
    compositeRequest: [{ method, url: `/services/data/v62.0/${url}`, referenceId: 'a', body }],
    batchRequests: [{ method, url: `v62.0/${url}`, richInput: body }],
    graphs: [
      { graphId: 'g', compositeRequest: [{ method, url: `/services/data/v62.0/${url}`, referenceId: 'a', body }] },
    ],
    records: [{ attributes: { type: 'Account' }, id: TARGET, Name: body }],
  }))
const body = fc.oneof(
  { weight: 3, arbitrary: json.map((value) => JSON.stringify(value) ?? '') },
  { weight: 2, arbitrary: nearly.map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: fc.string({ maxLength: 60, unit: 'binary' }) },
)
const rest: fc.Arbitrary<Shot> = fc
  .tuple(fc.constantFrom('GET', 'POST', 'PATCH', 'PUT', 'DELETE', 'HEAD', 'OPTIONS'), path, query, body, fc.nat(30))
  .map(([method, where, search, text, odd]) => ({
    method,
    path: `/services/data/v${odd === 1 ? '9999.9' : '62.0'}/${where}${search}`,
    headers: {
      authorization: odd === 2 ? 'Bearer' : odd === 3 ? 'Basic x' : `Bearer ${TOKEN}`,
      'content-type': odd === 4 ? 'text/csv' : odd === 5 ? 'application/json;charset=klingon' : 'application/json',
      ...(odd === 6 ? { 'if-modified-since': 'yesterday' } : {}),
      ...(odd === 10 ? { 'content-type': 'multipart/form-data; boundary=x' } : {}),
      ...(odd === 7 ? { 'if-match': '"x"' } : {}),
      ...(odd === 8 ? { 'content-encoding': 'gzip' } : {}),
      ...(odd === 9 ? { 'sforce-query-options': 'batchSize=many' } : {}),
    },
    body: ['GET', 'HEAD'].includes(method) ? '' : text,
  }))

const xml = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '<sObjects>',
        '</sObjects>',
        '<type>Account</type>',
        '<Id>',
        '</Id>',
        '<x/>',
        '&',
        '&#0;',
        '<![CDATA[',
        ']]>',
      ),
      fc.constantFrom(
        '<ids>001</ids>',
        '<request>',
        '</request>',
        '<masterRecord>',
        '</masterRecord>',
        '<!--',
        '<leadConverts>',
        '<?x?>',
      ),
      word,
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''))
const soap: fc.Arbitrary<Shot> = fc
  .tuple(
    fc.constantFrom('create', 'update', 'upsert', 'merge', 'convertLead', 'delete', 'query', 'undelete', 'x'),
    xml,
    fc.nat(9),
  )
  .map(([call, content, odd]) => {
    const session = `<SessionHeader><sessionId>${odd === 0 ? 'x' : TOKEN}</sessionId></SessionHeader>`
    const inner = `<e:Header>${session}</e:Header><e:Body><${call}>${content}</${call}></e:Body>`
    return {
      method: 'POST',
      path: `/services/Soap/u/${odd === 1 ? '1.0' : '62.0'}`,
      headers: { 'content-type': 'text/xml', soapaction: '""' },
      body:
        odd === 2 ? content : `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/">${inner}</e:Envelope>`,
    }
  })
const other: fc.Arbitrary<Shot> = fc
  .tuple(
    fc.constantFrom(
      ...[
        '/services/oauth2/token',
        '/services/oauth2/revoke',
        '/services/oauth2/introspect',
        '/services/oauth2/userinfo',
      ],
      ...[
        '/cometd/62.0',
        '/services/async/62.0/job',
        '/services/async/62.0/job/750/batch',
        '/services/async/62.0/job/750/batch/751/request',
        '/id/x/y',
        '/nowhere',
        '//',
      ],
    ),
    fc.oneof(body, xml, fc.constant('grant_type=password&username=x'), fc.constant('[{"channel":"/meta/connect"}]')),
    fc.constantFrom('application/json', 'application/x-www-form-urlencoded', 'text/xml', 'x'),
  )
  .map(([where, text, type]) => ({
    method: 'POST',
    path: where,
    headers: { authorization: `Bearer ${TOKEN}`, 'x-sfdc-session': TOKEN, 'content-type': type },
    body: text,
  }))

export const malformed: fc.Arbitrary<Shot> = fc.oneof(
  { weight: 7, arbitrary: rest },
  { weight: 2, arbitrary: soap },
  { weight: 1, arbitrary: other },
  { weight: 1, arbitrary: oauthShots },
)
