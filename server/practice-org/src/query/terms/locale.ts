// Where a user lives, as far as queries can tell: time zone, first day of the week, fiscal year, forms of numbers and dates.
import { type Calendar, wallClock } from '../../schema/dates.ts'
import { fiscalYear } from '../../store/fiscal.ts'
import type { QueryContext } from './context.ts'

export interface Locale extends Calendar {
  /** BCP 47, e.g. `de-DE`. */
  language: string
  /** The user's own currency in an org of several; undefined in an org of one. */
  currency: string | undefined
}

const known = new WeakMap<QueryContext, Locale>()

/** Settings of the user who asks; what he has not set is the org's. */
export function localeOf(context: QueryContext): Locale {
  const before = known.get(context)
  if (before) return before
  const { store, catalog, rights } = context
  const user = store.row(catalog.get('User'), rights.userId) ?? {}
  const [orgId] = store.select('SELECT "Id" FROM "Organization" LIMIT 1', [])[0] ?? []
  const org = store.row(catalog.get('Organization'), String(orgId)) ?? {}
  const language = languageOf(String(user['LocaleSidKey'] ?? org['DefaultLocaleSidKey'] ?? 'en_US'))
  const locale: Locale = {
    language,
    timeZone: zoneOf(String(user['TimeZoneSidKey'] ?? org['TimeZoneSidKey'] ?? 'GMT')),
    weekStart: weekStartOf(language),
    ...fiscalYear(store, catalog),
    currency: currencyOf(context, user['DefaultCurrencyIsoCode'] ?? user['CurrencyIsoCode']),
  }
  known.set(context, locale)
  return locale
}

/** The present on the user's wall clock, as if that were UTC. */
export const wallNow = (context: QueryContext): number => wallClock(context.now, localeOf(context).timeZone)

function languageOf(key: string): string {
  const tag = key.split('__')[0]?.replaceAll('_', '-') ?? ''
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? 'en-US'
  } catch {
    return 'en-US'
  }
}

function zoneOf(key: string): string {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: key })
    return key
  } catch {
    return 'GMT'
  }
}

/** Newer engines give the week by a method, older ones by a property; types know neither. */
type WithWeek = Intl.Locale & { getWeekInfo?(): { firstDay: number }; weekInfo?: { firstDay: number } }

function weekStartOf(language: string): number {
  const locale: WithWeek = new Intl.Locale(language)
  const week = locale.getWeekInfo?.() ?? locale.weekInfo
  return (week?.firstDay ?? 7) % 7
}

function currencyOf(context: QueryContext, own: unknown): string | undefined {
  if (!context.catalog.find('CurrencyType')) return undefined
  if (typeof own === 'string') return own
  const corporate = context.store.select('SELECT "IsoCode" FROM "CurrencyType" WHERE "IsCorporate" = 1', [])[0]?.[0]
  return typeof corporate === 'string' ? corporate : undefined
}
