// What an org is opened with.
import type { Currency } from './currencies.ts'

export interface OrgOptions {
  /** `:memory:` for an org that is forgotten. */
  file: string
  /** 15 or 18 characters. */
  orgId: string
  /** The org's clock in epoch ms. */
  now(): number
  /** A folder (a URL with a slash at its end) of more object files than the shipped ones. */
  objects?: URL
  /** Makes it an org of several currencies; the one with rate 1 is the corporate one. */
  currencies?: Currency[]
  /** Fields that event channels want besides those that changed, by topic such as `LeadChangeEvent`. */
  enriched?: Record<string, string[]>
}
