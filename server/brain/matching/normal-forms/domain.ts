import { getDomain, getDomainWithoutSuffix, getSubdomain } from 'tldts'
import shared from '../data/shared-domains.json' with { type: 'json' }
import { byBlanks } from './listed.ts'

const SHARED = new Set(
  [shared.freeMail, shared.hosting, shared.parking, shared.directories, shared.social].flat().flatMap(byBlanks),
)
const WITH_PAGES = new Set([shared.hosting, shared.directories, shared.social].flat().flatMap(byBlanks))
const OPTIONS = { allowPrivateDomains: true }

interface WebAddress {
  /** Registrable domain in ASCII. */
  domain: string
  /** Subdomain or first folder that is one department's or outlet's; null for the whole site. */
  section: string | null
  /** Page on a domain that many share, as `facebook.com/acme`; null elsewhere. */
  page: string | null
}

/** Registrable domain of a website or e-mail address (`acme.co.uk`), in lower case and ASCII; null when there is none. */
export function domainOf(text: string | null): string | null {
  if (text === null) return null
  return ascii(getDomain(bare(text), OPTIONS))
}

/** Every address in a field that may hold several, an e-mail address too. */
export function webAddressesOf(text: string | null): WebAddress[] {
  const parts = (text ?? '').split(/[\s;,|]+/).filter((part) => part.includes('.'))
  const found = parts.flatMap((part) => {
    const address = webAddress(part)
    return address ? [address] : []
  })
  return found.filter(({ domain }, index) => found.findIndex((each) => each.domain === domain) === index)
}

function webAddress(text: string): WebAddress | null {
  const typed = bare(text)
  const domain = ascii(getDomain(typed, OPTIONS))
  if (domain === null) return null
  const [path = '', query = ''] =
    typed
      .replace(/^[^/?#]*/, '')
      .split('#')[0]
      ?.split('?') ?? []
  const folders = path.split('/').filter((folder) => folder !== '')
  if (isSharedDomain(domain))
    return { domain, section: null, page: WITH_PAGES.has(domain) ? pageOf(domain, folders, query) : null }
  const subdomain = typed.includes('@') ? '' : (getSubdomain(typed, OPTIONS) ?? '')
  const own = subdomain
    .split('.')
    .filter((part) => !/^(?:www\d?|web|home|[a-z]{2}|en-[a-z]{2}|m|mail)$/.test(part) && part !== '')
  const folder = (folders[0] ?? '').replace(/\.(?:html?|php|aspx?|jsp)$/, '')
  const general =
    /^(?:|index|home|default|main|[a-z]{2}|[a-z]{2}-[a-z]{2}|about.*|contact.*|start|welcome|web|site|english)$/.test(
      folder,
    )
  return { domain, section: own.length > 0 ? own.join('.') : general ? null : folder, page: null }
}

/** A page that one company has on a shared domain. */
function pageOf(domain: string, folders: readonly string[], query: string): string | null {
  const id = /(?:^|&)id=(\d+)/.exec(query)?.[1]
  const path = folders.filter(
    (folder) =>
      !/^(?:pages?|company|school|showcase|in|c|channel|user|profile\.php|people|biz|view|[a-z]{2}|groups?|#!)$/.test(
        folder,
      ),
  )
  const name = id ?? (path.length > 0 ? path.slice(0, 2).join('/').replace(/^@/, '') : null)
  return name === null || name === '' ? null : `${domain}/${name}`
}

/** Without schemes (typed twice at times), user part of a mail link, and letter case. */
const bare = (text: string) =>
  text
    .trim()
    .toLowerCase()
    .replace(/^(?:(?:https?|htp|ftp)\s*:?\s*\/\/?\s*|mailto:|url:)+/, '')

function ascii(domain: string | null): string | null {
  if (domain === null || /^[ -~]*$/.test(domain)) return domain
  return URL.parse(`http://${domain}`)?.hostname ?? null
}

/** True for mail providers, site builders, parked names, directories and social networks: a shared one is no evidence. */
export function isSharedDomain(domain: string): boolean {
  return SHARED.has(domain)
}

/** The domain without its public suffix: `acme` of `acme.co.uk`; of punycode, which is often mistyped, the plain letters. */
export function domainLabel(domain: string): string {
  const label = getDomainWithoutSuffix(domain, OPTIONS) ?? domain
  return label.startsWith('xn--') ? label.slice(4, Math.max(4, label.lastIndexOf('-'))) : label
}
