import type { Caller, Org } from '../../org/org.ts'

/** What of the session itself belongs to a `GetUserInfoResult`. */
export interface InfoContext {
  org: Org
  sessionSeconds: number
}

/** The `GetUserInfoResult` of a user (docs/sources.md#user-info), from his own row and that of the organization. */
export function userInfoElement(caller: Caller, { org, sessionSeconds }: InfoContext): Record<string, unknown> {
  const user = org.retrieve(caller, 'User', caller.userId)
  const [organization] = org.query(caller, 'SELECT Name, DefaultLocaleSidKey FROM Organization').records
  const codes = currenciesOf(org, caller)
  const several = codes !== undefined
  return {
    accessibilityMode: false,
    chatterExternal: false,
    currencySymbol: several ? null : '$',
    orgAttachmentFileSizeLimit: 5_242_880,
    orgDefaultCurrencyIsoCode: several ? null : 'USD',
    orgDefaultCurrencyLocale: several ? null : 'en_US',
    orgDisallowHtmlAttachments: false,
    orgHasPersonAccounts: hasField(org, caller, 'Account', 'IsPersonAccount'),
    organizationId: org.orgId,
    organizationMultiCurrency: several,
    organizationName: organization?.['Name'],
    profileId: user['ProfileId'],
    roleId: user['UserRoleId'] ?? null,
    sessionSecondsValid: sessionSeconds,
    userDefaultCurrencyIsoCode: several ? (user['DefaultCurrencyIsoCode'] ?? codes) : null,
    userEmail: user['Email'],
    userFullName: user['Name'],
    userId: caller.userId,
    userLanguage: user['LanguageLocaleKey'] ?? 'en_US',
    userLocale: user['LocaleSidKey'] ?? 'en_US',
    userName: user['Username'],
    userTimeZone: user['TimeZoneSidKey'] ?? 'GMT',
    userType: user['UserType'] ?? 'Standard',
    userUiSkin: 'Theme3',
  }
}

/** The corporate currency of an org with several; nothing in an org with one. */
function currenciesOf(org: Org, caller: Caller): string | undefined {
  if (!org.describeGlobal(caller).some(({ name }) => name === 'CurrencyType')) return undefined
  const [corporate] = org.query(caller, 'SELECT IsoCode FROM CurrencyType WHERE IsCorporate = true').records
  return corporate ? String(corporate['IsoCode']) : undefined
}

function hasField(org: Org, caller: Caller, object: string, field: string): boolean {
  if (!org.describeGlobal(caller).some(({ name }) => name === object)) return false
  const { fields } = org.describe(caller, object)
  return Array.isArray(fields) && fields.some((each: { name?: unknown }) => each.name === field)
}
