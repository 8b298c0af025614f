// What an org is opened with.
import type { OrgContent } from '../content/content.ts'
import type { Value } from '../org/values.ts'
import type { Money } from '../schema/currencies.ts'
import type { SharingSettings } from '../schema/share-shape.ts'

/** What an administrator sets up once: currencies (the one with rate 1 is the corporate one) and the company's own row. */
export interface OrgSetup extends Money {
  /** Organization-wide defaults and sharing rules. */
  sharing?: SharingSettings
  /** Fields of Organization, e.g. `FiscalYearStartMonth`. */
  organization?: Record<string, Value>
}

export interface OrgOptions extends OrgSetup {
  /** `:memory:` for an org that is forgotten. */
  file: string
  /** 15 or 18 characters. */
  orgId: string
  /** The org's clock in epoch ms. */
  now(): number
  /** The company, its people, and what was deployed; the sample company without it. */
  content?: OrgContent
  /** A folder (a URL with a slash at its end) of more object files than the shipped ones. */
  objects?: URL
  /** Records that the recycle bin takes; 25 for each MB of storage without it. */
  recycleBinRows?: number
  /** Fields that event channels want besides those that changed, by topic such as `LeadChangeEvent`. */
  enriched?: Record<string, string[]>
}
