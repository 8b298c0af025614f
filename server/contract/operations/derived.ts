// Fields that an org works out by itself from others: docs/salesforce-facts.md#fields-that-follow-from-others.

type Followers = Readonly<Record<string, readonly string[]>>

const NAME: Followers = { FirstName: ['Name'], LastName: ['Name'], Salutation: ['Name'] }

/** By object and field that is set: the fields that may change with it. */
const FOLLOWS: Readonly<Record<string, Followers>> = {
  Case: { Status: ['IsClosed', 'ClosedDate'] },
  Contact: NAME,
  Lead: NAME,
  Opportunity: {
    StageName: [
      'Probability',
      'IsClosed',
      'IsWon',
      'ForecastCategory',
      'ForecastCategoryName',
      'ExpectedRevenue',
      'LastStageChangeDate',
    ],
    Amount: ['ExpectedRevenue', 'LastAmountChangedHistoryId'],
    Probability: ['ExpectedRevenue'],
    CloseDate: ['Fiscal', 'FiscalQuarter', 'FiscalYear', 'LastCloseDateChangedHistoryId'],
  },
  Task: { Status: ['IsClosed', 'CompletedDateTime'], Priority: ['IsHighPriority'] },
}

/** Reasons by field that follows from one of these. */
export function followersOf(object: string, fields: readonly string[]): Record<string, string> {
  const found = fields.flatMap((field) =>
    (FOLLOWS[object]?.[field] ?? []).map((follower) => [follower, `Salesforce sets it by ${field}`] as const),
  )
  return Object.fromEntries(found)
}
