// Queries that an org refuses, with the code and the end of the words it says; the echo of the query stands before them.
export type Refused = [soql: string, code: string, words: string]

const joined = (inner: string, tail = '') => `SELECT Id FROM Account WHERE Id IN (SELECT ${inner})${tail}`
const long = 'x'.repeat(4001)
const parents = Array.from({ length: 6 }, () => 'Parent').join('.')

export const REFUSED: Refused[] = [
  // Text that is no query.
  ['SELEKT Id FROM Account', 'MALFORMED_QUERY', 'unexpected token: SELEKT'],
  ['SELECT Id, FROM Account', 'MALFORMED_QUERY', "ERROR at Row:1:Column:12\nunexpected token: 'FROM'"],
  ['SELECT Id FROM Account WHERE', 'MALFORMED_QUERY', "unexpected token: '<EOF>'"],
  ["SELECT Id FROM Account WHERE Name = 'a", 'MALFORMED_QUERY', "no viable alternative at character '''"],
  [`SELECT Id FROM Account WHERE Name = '${'x'.repeat(100_000)}'`, 'MALFORMED_QUERY', 'longer than 100000 characters.'],
  ['SELECT Id FROM Account ALL ROWS', 'MALFORMED_QUERY', 'ALL ROWS not allowed in this context'],
  ["SELECT Id FROM Account WHERE Name NOT LIKE 'a'", 'MALFORMED_QUERY', "unexpected token: 'LIKE'"],
  ["SELECT Id FROM Account WHERE Name LIKE ('a', 'b')", 'MALFORMED_QUERY', "unexpected token: '('"],
  ["SELECT Id FROM Account WHERE Name = 'a' AND Fax = 'b' OR Fax = 'c'", 'MALFORMED_QUERY', "unexpected token: 'OR'"],
  ['SELECT Id FROM Account WHERE Id = :id', 'MALFORMED_QUERY', 'Bind variables only allowed in Apex code'],
  [
    'SELECT Id FROM Account WHERE CreatedDate > 2026-01-01T00:00:00Z AND Name = :name',
    'MALFORMED_QUERY',
    'ERROR at Row:1:Column:76\nBind variables only allowed in Apex code',
  ],
  // The place of what cannot be read is that of the character before; the echo is of whole words.
  [
    'Select Id from Opportunity  where DAY_ONLY(CloseDate) < 2016-07-31T04:17:54',
    'MALFORMED_QUERY',
    `\nDAY_ONLY(CloseDate) < 2016-07-31T04:17:54\n${' '.repeat(40)}^\nERROR at Row:1:Column:75\nline 1:75 no viable alternative at character '<EOF>'`,
  ],
  [
    'SELECT Id FROM Account WHERE CreatedDate > 2026-01-01T00:00:00 LIMIT 1',
    'MALFORMED_QUERY',
    "line 1:62 no viable alternative at character ' '",
  ],
  ['SELECT Id FROM Account LIMIT -1', 'MALFORMED_QUERY', "unexpected token: '-1'"],
  // Strings.
  [
    "SELECT Id FROM Account WHERE Name = 'a\\q'",
    'MALFORMED_QUERY',
    "Illegal character sequence '\\q' in string literal",
  ],
  [
    "SELECT Id FROM Account WHERE Name = 'a\\_'",
    'MALFORMED_QUERY',
    "Illegal character sequence '\\_' in string literal",
  ],
  [
    "SELECT Id FROM Account WHERE Name = '\\u00g0'",
    'MALFORMED_QUERY',
    "Illegal character sequence '\\u' in string literal",
  ],
  [`SELECT Id FROM Account WHERE Name = '${long}'`, 'MALFORMED_QUERY', 'WHERE clause is 4000 characters'],
  // Names.
  [
    'SELECT Bacon__c FROM Account LIMIT 2',
    'INVALID_FIELD',
    "\nSELECT Bacon__c FROM Account LIMIT 2\n       ^\nERROR at Row:1:Column:8\nNo such column 'Bacon__c' on entity 'Account'. " +
      "If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. " +
      'Please reference your WSDL or the describe call for the appropriate names.',
  ],
  ['SELECT Id FROM Bacon__c', 'INVALID_TYPE', 'or the describe call for the appropriate names.'],
  ['SELECT Id FROM ScratchOrgInfo', 'INVALID_TYPE', 'or the describe call for the appropriate names.'],
  [
    'SELECT Id FROM ActivityHistory',
    'INVALID_TYPE_FOR_OPERATION',
    'entity type ActivityHistory does not support query',
  ],
  ['SELECT Id, Id FROM Account', 'INVALID_FIELD', 'duplicate field selected: Id'],
  ['SELECT FORMAT(Name), Name FROM Account', 'INVALID_FIELD', 'duplicate field selected: Name'],
  ['SELECT Boss.Name FROM Account', 'INVALID_FIELD', 'or the describe call for the appropriate names.'],
  ['SELECT What.NumberOfEmployees FROM Task', 'INVALID_FIELD', 'or the describe call for the appropriate names.'],
  [`SELECT ${parents}.Name FROM Account`, 'INVALID_FIELD', 'only 5 levels of parent relationships are allowed'],
  ['SELECT Name n FROM Account', 'MALFORMED_QUERY', 'only aggregate expressions use field aliasing'],
  // Filters.
  [
    "SELECT Id FROM Account WHERE Description = 'x'",
    'INVALID_FIELD',
    "field 'Description' can not be filtered in a query call",
  ],
  [
    'SELECT Id FROM Account WHERE BillingAddress = null',
    'INVALID_FIELD',
    'Address fields can only be filtered using Distance expressions',
  ],
  [
    "SELECT Id FROM Opportunity WHERE CloseDate = '2026-01-01'",
    'INVALID_FIELD',
    "value of filter criterion for field 'CloseDate' must be of type date and should not be enclosed in quotes",
  ],
  [
    "SELECT Id FROM Account WHERE AnnualRevenue = '5'",
    'INVALID_FIELD',
    "'AnnualRevenue' must be of type double and should not be enclosed in quotes",
  ],
  [
    'SELECT Id FROM Account WHERE Name = 5',
    'INVALID_FIELD',
    "'Name' must be of type string and should be enclosed in quotes",
  ],
  ["SELECT Id FROM Account WHERE Id = 'x'", 'INVALID_QUERY_FILTER_OPERATOR', 'invalid ID field: x'],
  [
    'SELECT Id FROM Account WHERE CreatedDate > 4001-01-01T00:00:00Z',
    'INVALID_FIELD',
    "'CreatedDate' must be of type dateTime",
  ],
  [
    'SELECT Id FROM Account WHERE CALENDAR_YEAR(CreatedDate) = THIS_YEAR',
    'INVALID_FIELD',
    "'expr' must be of type int",
  ],
  [
    "SELECT Id FROM Account WHERE Id LIKE '001%'",
    'INVALID_QUERY_FILTER_OPERATOR',
    '\n                             ^\nERROR at Row:1:Column:30\ninvalid operator on id field',
  ],
  [
    "SELECT Id FROM Account WHERE Type INCLUDES ('a')",
    'INVALID_QUERY_FILTER_OPERATOR',
    'invalid operator on picklist field',
  ],
  [
    "SELECT Id FROM Account WHERE NumberOfEmployees LIKE '5%'",
    'INVALID_QUERY_FILTER_OPERATOR',
    'invalid operator on int field',
  ],
  [
    'SELECT Id FROM Account WHERE convertCurrency(AnnualRevenue) > 5',
    'MALFORMED_QUERY',
    'not allowed in a WHERE or HAVING clause',
  ],
  // Semi-joins and anti-joins.
  [joined('AccountId FROM Contact', " OR Name = 'x'"), 'MALFORMED_QUERY', "not allowed with the 'OR' operator"],
  [
    'SELECT Id FROM Account WHERE NOT Id IN (SELECT AccountId FROM Contact)',
    'MALFORMED_QUERY',
    "not allowed with the 'NOT' operator",
  ],
  [
    "SELECT Id FROM Account WHERE (Name = 'a' AND Id IN (SELECT AccountId FROM Contact)) OR Name = 'b'",
    'MALFORMED_QUERY',
    'Semi join sub-selects are only allowed at the top level WHERE expressions',
  ],
  [
    joined('ParentId FROM Account'),
    'MALFORMED_QUERY',
    'The inner and outer selects should not be on the same object type',
  ],
  [joined('AccountId FROM Contact LIMIT 1'), 'MALFORMED_QUERY', "missing value at 'LIMIT'"],
  [joined('AccountId FROM Contact ORDER BY Name'), 'MALFORMED_QUERY', "missing value at 'ORDER'"],
  [joined('AccountId FROM Contact GROUP BY AccountId'), 'MALFORMED_QUERY', "missing value at 'GROUP'"],
  [
    joined('Account.Id FROM Contact'),
    'MALFORMED_QUERY',
    "'Account.Id' cannot have more than one level of relationships",
  ],
  [joined('Name FROM Contact'), 'MALFORMED_QUERY', "can only query id fields, cannot use: 'Name'"],
  [joined('Id FROM Contact'), 'MALFORMED_QUERY', "outer query 'Id' should point to the same object type"],
  [joined('COUNT(AccountId) FROM Contact'), 'MALFORMED_QUERY', 'must select exactly one id or reference field'],
  [joined('WhatId FROM Task'), 'MALFORMED_QUERY', "Entity 'Task' is not supported for semi join inner selects"],
  [
    joined('AccountId FROM Contact WHERE Id IN (SELECT ContactId FROM Case)'),
    'MALFORMED_QUERY',
    'Nesting of semi join sub-selects is not supported',
  ],
  [
    joined(
      'AccountId FROM Contact',
      ' AND Id IN (SELECT AccountId FROM Case) AND Id IN (SELECT AccountId FROM Opportunity)',
    ),
    'EXCEEDED_MAX_SEMIJOIN_SUBSELECTS',
    'Maximum 2 semi join sub-selects are allowed',
  ],
  [
    'SELECT Id FROM Contact WHERE Account.Id IN (SELECT AccountId FROM Case)',
    'MALFORMED_QUERY',
    "The left operand 'Account.Id' cannot have more than one level of relationships",
  ],
  [
    'SELECT Id FROM Account WHERE Name IN (SELECT AccountId FROM Case)',
    'MALFORMED_QUERY',
    "should be an id field, cannot use: 'Name'",
  ],
  // Aggregates.
  ['SELECT COUNT(), Id FROM Account', 'MALFORMED_QUERY', "unexpected token: ','"],
  ['SELECT COUNT() FROM Account ORDER BY Name', 'MALFORMED_QUERY', 'Ordered field must be grouped or aggregated: Name'],
  ['SELECT MAX(Name) FROM Account LIMIT 1', 'MALFORMED_QUERY', 'overall aggregate functions cannot also use LIMIT'],
  ['SELECT Name, COUNT(Id) FROM Account', 'MALFORMED_QUERY', 'Field must be grouped or aggregated: Name'],
  ['SELECT Name FROM Account GROUP BY Type', 'MALFORMED_QUERY', 'Field must be grouped or aggregated: Name'],
  [
    'SELECT FIELDS(ALL), COUNT(Id) FROM Account GROUP BY Id LIMIT 9',
    'MALFORMED_QUERY',
    'must be grouped or aggregated: IsDeleted',
  ],
  [
    'SELECT Type FROM Account GROUP BY Type ORDER BY Name',
    'MALFORMED_QUERY',
    'Ordered field must be grouped or aggregated: Name',
  ],
  [
    "SELECT Type FROM Account GROUP BY Type HAVING Name = 'a'",
    'MALFORMED_QUERY',
    'Field must be grouped or aggregated: Name',
  ],
  [
    'SELECT Type, COUNT(Type) FROM Account GROUP BY Type',
    'MALFORMED_QUERY',
    'Grouped field should not be aggregated: Type',
  ],
  ['SELECT Account.Name, Name FROM Contact GROUP BY Account.Name, Name', 'MALFORMED_QUERY', 'duplicate alias: Name'],
  ['SELECT SUM(Name) FROM Account', 'MALFORMED_QUERY', 'field Name does not support aggregate operator SUM'],
  ['SELECT MIN(IsDeleted) FROM Account', 'MALFORMED_QUERY', 'field IsDeleted does not support aggregate operator MIN'],
  [
    'SELECT COUNT(Description) FROM Account',
    'MALFORMED_QUERY',
    'field Description does not support aggregate operator COUNT',
  ],
  [
    'SELECT CreatedDate FROM Account GROUP BY CreatedDate',
    'MALFORMED_QUERY',
    "field 'CreatedDate' can not be grouped in a query call",
  ],
  [
    'SELECT CALENDAR_YEAR(CreatedDate) FROM Account',
    'MALFORMED_QUERY',
    'Field must be grouped or aggregated: CreatedDate',
  ],
  [
    'SELECT HOUR_IN_DAY(CloseDate) h FROM Opportunity GROUP BY HOUR_IN_DAY(CloseDate)',
    'INVALID_FIELD',
    'does not support HOUR_IN_DAY function',
  ],
  [
    'SELECT convertTimezone(CreatedDate) FROM Account',
    'MALFORMED_QUERY',
    'convertTimezone can only be used in a date function',
  ],
  [
    'SELECT Type FROM Account GROUP BY ROLLUP(Type, Name, Rating, Industry)',
    'MALFORMED_QUERY',
    'at most 3 fields and stands alone',
  ],
  [
    'SELECT Type, GROUPING(Name) g FROM Account GROUP BY CUBE(Type)',
    'MALFORMED_QUERY',
    'must be on a grouped field: Name',
  ],
  [
    'SELECT (SELECT Id FROM Contacts), COUNT(Id) FROM Account GROUP BY Name',
    'MALFORMED_QUERY',
    'child relationships in the SELECT list',
  ],
  ['SELECT Id FROM Account WHERE COUNT(Id) > 1', 'MALFORMED_QUERY', "unexpected token: 'COUNT'"],
  // Order, window and scope.
  [
    'SELECT Id FROM Account ORDER BY Description',
    'MALFORMED_QUERY',
    "field 'Description' can not be sorted in a query call",
  ],
  ['SELECT Id FROM Account OFFSET 2001', 'NUMBER_OUTSIDE_VALID_RANGE', 'Maximum SOQL offset allowed is 2000'],
  ['SELECT Id FROM Account USING SCOPE delegated', 'MALFORMED_QUERY', 'invalid using scope for Account: delegated'],
  [
    'SELECT Id FROM Account WITH DATA CATEGORY Geo__c AT usa__c',
    'MALFORMED_QUERY',
    "Entity 'Account' does not support data category filtering",
  ],
  // Children.
  ['SELECT (SELECT Id FROM Bosses) FROM Account', 'INVALID_TYPE', 'or the describe call for the appropriate names.'],
  [
    'SELECT Id, (SELECT Id FROM Contacts OFFSET 1) FROM Account',
    'MALFORMED_QUERY',
    'only allowed if the parent query has LIMIT 1',
  ],
  [
    'SELECT Id, (SELECT COUNT(Id) FROM Contacts) FROM Account',
    'MALFORMED_QUERY',
    'only root queries support aggregate expressions',
  ],
  [
    'SELECT Id, (SELECT Id FROM Contacts WHERE Id IN (SELECT ContactId FROM Case)) FROM Account',
    'MALFORMED_QUERY',
    'Semi join sub-selects are only allowed at the top level WHERE expressions',
  ],
  [
    `SELECT Id, ${Array.from({ length: 21 }, () => '(SELECT Id FROM Contacts)').join(', ')} FROM Account`,
    'MALFORMED_QUERY',
    'Maximum 20 subqueries are allowed in a query',
  ],
  // FIELDS() and TYPEOF.
  ['SELECT FIELDS(ALL) FROM Account', 'MALFORMED_QUERY', 'The SOQL FIELDS function must have a LIMIT of at most 200'],
  [
    'SELECT FIELDS(CUSTOM) FROM Account LIMIT 201',
    'MALFORMED_QUERY',
    'The SOQL FIELDS function must have a LIMIT of at most 200',
  ],
  [
    'SELECT FIELDS(CUSTOM) FROM LeadStatus LIMIT 1',
    'MALFORMED_QUERY',
    "'FIELDS(...)' expansion function must result in at least one field being selected.",
  ],
  ['SELECT Id, FIELDS(STANDARD) FROM Account', 'INVALID_FIELD', 'duplicate field selected: Id'],
  [
    'SELECT TYPEOF What WHEN Account THEN Phone END, FORMAT(CreatedDate) FROM Task',
    'MALFORMED_QUERY',
    'not allowed with functions in the SELECT list',
  ],
  [
    'SELECT TYPEOF What WHEN Account THEN Phone END FROM Task GROUP BY Id',
    'MALFORMED_QUERY',
    'not allowed in a grouped query',
  ],
  [
    'SELECT What.Name, TYPEOF What WHEN Account THEN Phone END FROM Task',
    'MALFORMED_QUERY',
    "'What' is also referenced in the SELECT list",
  ],
  [
    'SELECT TYPEOF Account WHEN Account THEN Phone END FROM Contact',
    'MALFORMED_QUERY',
    'is not a polymorphic relationship field',
  ],
  [
    'SELECT TYPEOF What WHEN Lead THEN Phone END FROM Task',
    'MALFORMED_QUERY',
    "is not a type that 'What' can refer to",
  ],
  [
    'SELECT TYPEOF What WHEN Account THEN Amount END FROM Task',
    'INVALID_FIELD',
    'or the describe call for the appropriate names.',
  ],
  [
    'SELECT TYPEOF What WHEN Account THEN Phone ELSE StageName END FROM Task',
    'INVALID_FIELD',
    'or the describe call for the appropriate names.',
  ],
  // Places.
  [
    "SELECT Id FROM Account WHERE DISTANCE(GEOLOCATION(1,2), BillingAddress, 'mi') < 3",
    'MALFORMED_QUERY',
    "unexpected token: '('",
  ],
  [
    "SELECT Id FROM Account WHERE DISTANCE(BillingAddress, GEOLOCATION(1,2), 'ft') < 3",
    'MALFORMED_QUERY',
    "unexpected token: ''ft''",
  ],
  [
    "SELECT Id FROM Account WHERE DISTANCE(BillingAddress, GEOLOCATION(1,2), 'mi') = 3",
    'MALFORMED_QUERY',
    'only be compared by < and >',
  ],
  [
    "SELECT Id FROM Account WHERE DISTANCE(Name, GEOLOCATION(1,2), 'mi') < 3",
    'INVALID_FIELD',
    'field Name does not support DISTANCE function',
  ],
]
