import { checkBrainUrl, checkCertificate, checkOrigin } from './check-setup.ts'
import { checkCustomPermissions, checkRosters, checkTwoAdministrators } from './check-people.ts'
import {
  checkReaderReads,
  checkReaderWritesNothing,
  checkTriggerFields,
  checkTwoUsers,
  checkWriterWrites,
} from './check-rights.ts'
import { checkSelection, checkTopics } from './check-events.ts'
import { ok, wrong, type Check } from './check.ts'

/** Checks after the reader has signed in, in the order in which to correct them. */
export function orgChecks(now: () => Date): Check[] {
  return [
    {
      name: 'The org is the one of ORG_ID',
      where:
        'Setup → Company Information → Salesforce.com Organization ID (18 characters: as SELECT Id FROM Organization gives it)',
      look: ({ reader, settings }) =>
        reader.orgId === settings.ORG_ID
          ? ok(reader.orgId)
          : wrong(`signed in to ${reader.orgId}, ORG_ID is ${settings.ORG_ID}`),
    },
    {
      name: 'Reader and writer are two users',
      where: 'Setup → Users → New User, licence Salesforce Integration, profile Minimum Access - API Only Integrations',
      look: checkTwoUsers,
    },
    {
      name: 'The reader sees what missions read',
      where: 'Setup → Permission Sets → Missions: Reader (integration) → Manage Assignments',
      look: checkReaderReads,
    },
    {
      name: 'Triggers name fields that the org has',
      where: 'the mission’s file, under trigger; or Setup → Permission Sets → Missions: Reader (integration)',
      look: checkTriggerFields,
    },
    {
      name: 'The reader can write nothing',
      where: 'Setup → Users → the reader → Permission Set Assignments: Missions: Reader (integration) alone',
      look: checkReaderWritesNothing,
    },
    {
      name: 'The writer can write what missions propose',
      where: 'Setup → Permission Sets → Missions: Writer (integration) → Manage Assignments',
      look: checkWriterWrites,
    },
    {
      name: 'The Pub/Sub API answers and lets the reader listen',
      where: 'SF_PUBSUB_ENDPOINT, outgoing port 7443; View All on the object for the reader',
      look: (context) => checkTopics(context, now()),
    },
    {
      name: 'Changes are captured',
      where: 'Setup → Integrations → Change Data Capture → move the objects to Selected Entities',
      look: checkSelection,
    },
    {
      name: 'The org has its signing certificate',
      where:
        'Setup → Certificate and Key Management → Create Self-Signed Certificate → Missions_Signing; download it for SF_ORG_KEY_FILES',
      look: (context) => checkCertificate(context, now()),
    },
    {
      name: 'The custom permissions are there and held',
      where: 'Setup → Permission Sets → Missions: Viewer, Decider, Administrator → Manage Assignments',
      look: checkCustomPermissions,
    },
    {
      name: 'Two people can activate a mission',
      where: 'Setup → Permission Sets → Missions: Administrator → Manage Assignments',
      look: checkTwoAdministrators,
    },
    {
      name: 'Every gate has enough people',
      where: 'Setup → Public Groups → the group a gate names (active users as direct members)',
      look: checkRosters,
    },
    {
      name: 'The org knows where the brain is',
      where:
        'npm run deploy -- --brain-url … , or Setup → Custom Metadata Types → Mission Setting → Manage Records → Brain',
      look: checkBrainUrl,
    },
    {
      name: 'Pages of the org may call the brain',
      where: 'ALLOWED_ORIGINS of the brain; in the org Setup → Trusted URLs → Missions_Brain',
      look: checkOrigin,
    },
  ]
}
