import { ok, unknown, wrong, type Context, type Outcome } from './check.ts'
import { OrgRefusal } from './org-session.ts'

const NONE_IN_PRACTICE = 'the practice org plays this part by itself'

/** Checks the certificate with which the org signs; the Apex class uses the name Missions_Signing. */
export async function checkCertificate({ reader, isPractice }: Context, now: Date): Promise<Outcome> {
  if (isPractice) return ok(NONE_IN_PRACTICE)
  const soql = "SELECT DeveloperName, ExpirationDate FROM Certificate WHERE DeveloperName = 'Missions_Signing'"
  try {
    const [row] = await reader.toolingQuery(soql)
    if (!row) return wrong('no certificate is called Missions_Signing')
    const ends = new Date(String(row.ExpirationDate))
    return ends < now
      ? wrong(`Missions_Signing ended on ${String(row.ExpirationDate)}`)
      : ok('Missions_Signing is there')
  } catch (error) {
    if (!(error instanceof OrgRefusal)) throw error
    return unknown(`${reader.username} may not look at certificates (${error.code})`)
  }
}

/** Checks that the audience of Apex's tokens is the brain's public URL. */
export async function checkBrainUrl({ reader, settings, isPractice }: Context): Promise<Outcome> {
  if (isPractice) return ok(NONE_IN_PRACTICE)
  const soql = "SELECT Brain_Url__c FROM Mission_Setting__mdt WHERE DeveloperName = 'Brain'"
  try {
    const [row] = await reader.query(soql)
    if (!row) return wrong('there is no record Mission_Setting.Brain')
    const url = String(row.Brain_Url__c).replace(/\/$/, '')
    return url === settings.PUBLIC_URL ? ok(url) : wrong(`the org says ${url}, PUBLIC_URL says ${settings.PUBLIC_URL}`)
  } catch (error) {
    if (!(error instanceof OrgRefusal)) throw error
    return unknown(
      `${reader.username} may not look at Mission_Setting__mdt, or the package is not there (${error.code})`,
    )
  }
}

/** Origin of this org's Lightning pages, from the address of its API. */
export function lightningOrigin(instanceUrl: string): string {
  const url = new URL(instanceUrl)
  return url.origin.replace(/\.my\.salesforce\.com$/, '.lightning.force.com')
}

/** Checks that the brain admits the org's pages: in its settings and, when it runs, in its answer to a page. */
export async function checkOrigin({ reader, settings }: Context): Promise<Outcome> {
  const origin = lightningOrigin(reader.instanceUrl)
  const { ALLOWED_ORIGINS: allowed, PUBLIC_URL: brain } = settings
  if (!allowed.includes(origin)) return wrong(`ALLOWED_ORIGINS lacks ${origin}, where this org's pages come from`)
  const headers = { origin, 'access-control-request-method': 'GET', 'access-control-request-headers': 'authorization' }
  const url = `${brain}/api/v1/missions`
  const answer = await fetch(url, { method: 'OPTIONS', headers, signal: AbortSignal.timeout(10_000) }).catch(() => null)
  if (!answer)
    return unknown(`${origin} is allowed, but the brain does not answer at ${brain}: start it, then look again`)
  const named = answer.headers.get('access-control-allow-origin')
  return named === origin
    ? ok(`${brain} lets ${origin} in`)
    : wrong(`${brain} answered a page of ${origin} with ${answer.status}`)
}
