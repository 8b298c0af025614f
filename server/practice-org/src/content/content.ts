// What a practice org is filled with besides what every org has: the company and its people, what was deployed, and stories.
import type { SharingRuleInput } from '../schema/share-shape.ts'
import type { ApexMethod } from './apex.ts'
import type { RightsSet } from './rights-set.ts'
import type { Story } from './story.ts'

export interface Person {
  name: string
  /** The username is `<login>@practice.example`. */
  login: string
  title: string
  /** Name of the profile. */
  profile: string
  /** Name of the role; null for none. */
  role: string | null
  /** Login of the manager. */
  manager?: string
  /** Names of permission sets. */
  permissionSets: readonly string[]
  /** Developer names of public groups. */
  groups: readonly string[]
  /** Whose accounts the person owns. */
  territory?: string
}

export interface Company {
  roles: readonly { name: string; parent: string | null }[]
  /** `queueOf`: the objects whose records a queue may own. */
  groups: readonly { name: string; label: string; queueOf?: readonly string[] }[]
  profiles: readonly RightsSet[]
  /** The first is the administrator, as whom the org itself acts. */
  people: readonly Person[]
}

/** What was deployed to the org: `readMetadata` reads it from a folder in source format. */
export interface Deployed {
  /** Object files, or additions to objects: see `schema/object-schema.ts`. */
  objects: readonly unknown[]
  /** Definitions of platform events: see `topics/event-catalog.ts`. */
  platformEvents: readonly unknown[]
  customPermissions: readonly { name: string; label: string; description: string | null }[]
  permissionSets: readonly RightsSet[]
  apexClasses: readonly string[]
}

export interface PageContent {
  /** The folder deployed as `lwc`; null for none. */
  components: string | null
  /** `CustomLabels.labels-meta.xml`; null for none. */
  labels: string | null
  /** Origins besides the org's own that the page may call (Trusted URLs). */
  trustedUrls: readonly string[]
  /** People whom the user switcher offers; the first is signed in at first. */
  people: readonly { login: string; label: string; hint: string }[]
  /** The app's own tab: its components side by side, the first one wide. */
  app: { name: string; label: string; components: readonly string[] } | null
  /** A component that the utility bar opens on every page. */
  utility: { component: string; label: string } | null
  /** Components of each record page: in the centre, and beside it under a label; each null for none. */
  record: { centre: string | null; side: string | null; label: string }
}

export interface OrgContent extends Deployed, Company {
  /** By `Class.method`. */
  apex: ReadonlyMap<string, ApexMethod>
  notificationTypes: readonly { name: string; label: string }[]
  stories: readonly Story[]
  /** Sharing rules, before those of the org's own setup. */
  sharingRules: readonly SharingRuleInput[]
  /** The field of Account that names the territory of its owner; null when there is none. */
  territoryField: string | null
  /** The field whose value on a created record names the transaction in the log. */
  logKey: { object: string; field: string } | null
  page: PageContent
}
