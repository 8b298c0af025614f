import { getDomain, getDomainWithoutSuffix } from 'tldts'
import shared from './data/shared-domains.json' with { type: 'json' }

const SHARED = new Set([...shared.freeMail, ...shared.hosting])
const OPTIONS = { allowPrivateDomains: true }

/** Registrable domain of a website or e-mail address (`acme.co.uk`), in lower case; null when there is none. */
export function domainOf(text: string | null): string | null {
  if (text === null) return null
  return getDomain(text.trim().toLowerCase(), OPTIONS)
}

/** True for mail providers, site builders and social networks: a shared one is no evidence. */
export function isSharedDomain(domain: string): boolean {
  return SHARED.has(domain)
}

/** The domain without its public suffix: `acme` of `acme.co.uk`. */
export function domainLabel(domain: string): string {
  return getDomainWithoutSuffix(domain, OPTIONS) ?? domain
}
