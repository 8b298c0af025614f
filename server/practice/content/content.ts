// What the practice fills its org with: the package of force-app as it would be deployed, the people, and the stories.
import { readMetadata, type OrgContent } from 'salesforce-practice-org/content'
import { join } from 'node:path'
import { apexMethods } from '../apex/mission-session.ts'
import { COMPANY, SHARING_RULES } from './people.ts'
import { STORIES } from './stories.ts'

const FORCE_APP = join(import.meta.dirname, '../../../force-app/main/default')

interface PracticeContentOptions {
  /** The brain's public URL: what Apex hands to the page, and the page's Trusted URL. */
  brainUrl: string
  /** A folder of permission sets in place of the package's own. */
  permissionSets?: string
  /** A folder of custom objects besides the package's own. */
  objects?: string
}

/** Throws ZodError or Error when a metadata file of force-app is not what its name says. */
export function practiceContent({ brainUrl, permissionSets, objects }: PracticeContentOptions): OrgContent {
  const folders = {
    source: FORCE_APP,
    ...(permissionSets === undefined ? {} : { permissionSets }),
    ...(objects === undefined ? {} : { moreObjects: objects }),
  }
  return {
    ...readMetadata(folders),
    ...COMPANY,
    apex: apexMethods(brainUrl),
    notificationTypes: [],
    sharingRules: SHARING_RULES,
    stories: STORIES,
    territoryField: 'Region__c',
    logKey: { object: 'Mission_Receipt__c', field: 'Key__c' },
    page: {
      components: join(FORCE_APP, 'lwc'),
      labels: join(FORCE_APP, 'labels/CustomLabels.labels-meta.xml'),
      trustedUrls: [new URL(brainUrl).origin],
      people: [
        { login: 'admin', label: 'Admin', hint: 'Decides and administers' },
        { login: 'second', label: 'Second approver', hint: 'Decides and administers' },
        { login: 'rep', label: 'Sales rep', hint: 'Sees own records, not amounts' },
        { login: 'manager', label: 'Manager', hint: 'Views and launches' },
        { login: 'auditor', label: 'Auditor', hint: 'Audits' },
      ],
      app: { name: 'Missions', label: 'Missions', components: ['decisionQueue', 'explainRail'] },
      utility: { component: 'explainRail', label: 'Explain' },
      record: { centre: 'decisionQueue', side: 'explainRail', label: 'Missions' },
    },
  }
}
