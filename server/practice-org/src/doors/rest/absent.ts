import { OrgError } from '../../org/org.ts'
import type { RestRoute } from './request/dispatch.ts'
import type { RestResponse } from './request/request.ts'

/** Features this org does not have, by the first segment of their resources, and what an org calls them. */
export const ABSENT_FEATURES: Record<string, string> = {
  analytics: 'Reports and Dashboards API',
  chatter: 'Chatter',
  commerce: 'Commerce',
  connect: 'Connect API',
  dedupe: 'Duplicate Jobs',
  folders: 'Folders',
  graphql: 'GraphQL API',
  iot: 'IoT',
  licensing: 'Licensing',
  metadata: 'Metadata API',
  payments: 'Payments',
  process: 'Approval Processes and Rules',
  support: 'Knowledge Support',
  'ui-api': 'User Interface API',
  wave: 'Analytics',
}

/** Answers every resource of a feature the org lacks, whatever the method. */
export const absentRoutes: RestRoute[] = Object.entries(ABSENT_FEATURES).flatMap(([segment, feature]) => {
  const refuse = (): RestResponse => {
    throw notEnabled(feature)
  }
  const methods = { GET: refuse, POST: refuse, PUT: refuse, PATCH: refuse, DELETE: refuse }
  return [
    { pattern: segment, methods },
    { pattern: `${segment}/*`, methods },
  ]
})

/** What an org says of a feature it has not switched on. */
export function notEnabled(feature: string): OrgError {
  const message = `This feature is not currently enabled for this user type or org: [${feature}]`
  return new OrgError({ status: 403, errorCode: 'FUNCTIONALITY_NOT_ENABLED', message })
}
