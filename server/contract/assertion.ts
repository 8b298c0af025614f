// A condition that must hold right before the first write, as grants and change sets state it; `assertions.ts` says when it holds.
import { z } from 'zod'
import { boundedRecord } from './values/bounded-record.ts'
import { ApiName, SalesforceId } from './values/ids.ts'

const Condition = z.string().min(1).max(500)
const Step = z.string().regex(/^[a-z][A-Za-z0-9]{0,39}$/)

/** A condition as a grant holds it, with the object of each step that it names. */
export const GrantedAssertion = z.strictObject({
  holds: Condition,
  over: boundedRecord(
    Step,
    z.strictObject({
      object: ApiName,
      /** Every record of the object that the mission changes is this step's: no other may stand in its place. */
      sole: z.boolean(),
    }),
    10,
  ),
})
export type GrantedAssertion = z.infer<typeof GrantedAssertion>

/** The same in a change set, with the record that each step was. */
export const Assertion = z.strictObject({
  holds: Condition,
  over: z
    .array(z.strictObject({ step: Step, object: ApiName, id: SalesforceId }))
    .min(1)
    .max(10),
})
export type Assertion = z.infer<typeof Assertion>
