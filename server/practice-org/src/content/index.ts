// What a program that fills a practice org imports.
export type { Company, Deployed, OrgContent, PageContent, Person } from './content.ts'
export { readMetadata } from './metadata.ts'
export { PROFILES } from './profiles.ts'
export type { FieldRights, Level, ObjectRights, RightsSet } from './rights-set.ts'
export type { Story } from './story.ts'
