import { z } from 'zod'
import { ApiName } from '../../../contract/values/ids.ts'

const Delay = z
  .string()
  .regex(/^\d{1,4}[smh]$/, 'e.g. 0s, 30s, 5m')
  .default('0s')
  .describe('A delay, so that enrichment tools can finish first')

const Change = z.strictObject({
  change: z.string().regex(/^[A-Za-z][A-Za-z0-9_]*\.(created|updated|deleted)$/, 'e.g. Case.created'),
  after: Delay,
  fields: z
    .array(ApiName)
    .min(1, 'name the fields, or leave `fields` out')
    .max(50)
    .optional()
    .describe('Starts only when one of these fields changed; for updates'),
})

const PlatformEvent = z.strictObject({
  event: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9_]*__e$/, 'the API name of a platform event, e.g. Mission_Request__e')
    .describe('A platform event with the fields Mission__c, Record_Id__c and Request_Key__c'),
})

const Schedule = z.strictObject({
  schedule: z.string().max(80).describe('Cron: minute, hour, day of the month, month, day of the week'),
  zone: z.string('name the time zone, e.g. `zone: Europe/Berlin`').max(60).describe('IANA time zone'),
  each: z
    .strictObject({
      object: ApiName,
      where: z.string().min(1).max(1000).optional().describe('SOQL condition that the records fulfil'),
    })
    .optional()
    .describe('One run for each of these records; without it one run, about no record'),
})

const Poll = z.strictObject({
  poll: ApiName.describe('An object whose changes are looked for, where the org publishes no change events of it'),
  every: z.string().regex(/^[1-9]\d{0,2}[mh]$/, 'e.g. 5m, 1h'),
  by: z.literal('SystemModstamp', 'only SystemModstamp: it is set with every change').default('SystemModstamp'),
  deleted: z.boolean().optional().describe('Starts also for records that went to the Recycle Bin'),
})

const Portal = z.strictObject({
  portal: z.strictObject({ scope: ApiName, filter: z.array(ApiName).max(20) }),
})

const Api = z.strictObject({
  api: z.strictObject({ object: ApiName }).describe('A person or a program launches it on a record of this object'),
})

export const Trigger = z.union([Change, PlatformEvent, Schedule, Poll, Portal, Api])
