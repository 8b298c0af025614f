// Activations of missions: the times they go by, and the tools of salesforce-mcp that open, activate and withdraw.
import { z } from 'zod'
import { AcceptedDecision } from './approval-token.ts'
import { DescribedGrant } from './described-grant.ts'
import { Grant } from './grant.ts'
import { SalesforceId } from './values/ids.ts'

/** Silence is never consent: a decision without an answer ends after five days and changes nothing. */
export const OPEN_FOR_SECONDS = 5 * 86_400

/** How long a superseded version stays open: its open decisions are answered and written meanwhile. */
export const SUPERSEDED_SECONDS = OPEN_FOR_SECONDS + 86_400

/** How long an administrator's signature waits for the second one. */
export const SIGNATURE_SECONDS = 3 * 86_400

/** The permission that every signature of an activation shows. */
export const ADMINISTER_PERMISSION = 'Administer_Missions'

const Time = z.string().describe('ISO 8601 UTC')

export const ACTIVATION_TOOLS = {
  describeGrant: {
    description:
      'What the org has of the objects, fields, relationships and rosters that a grant names, activated or not: metadata alone.',
    input: z.strictObject({ grant: Grant }),
    output: DescribedGrant.extend({ calls: z.number().int() }),
  },
  openGrant: {
    description:
      'Opens a grant whose activation stands in the register of the org; later calls name it by its hash. It closes after minutes and is opened again.',
    input: z.strictObject({ grant: Grant }),
    output: z.object({
      grant: z.string().regex(/^[0-9a-f]{64}$/),
      until: Time.describe('When the activation ends, or the superseded version closes'),
    }),
  },
  activateGrant: {
    description:
      'Enters a grant in the register of the org, on the signature of one administrator, or of two when it may do more than the version before it.',
    input: z.strictObject({
      grant: Grant,
      before: Grant.nullable().describe('The grant that the register names last; null when the caller has none'),
      decisions: z.array(AcceptedDecision).min(1).max(2),
    }),
    output: z.object({
      needs: z.number().int().min(1).max(2).describe('How many administrators have to sign'),
      widenings: z.array(z.string()).describe('What it may do that the version before it may not, in words'),
      endsAt: Time.nullable().describe(
        'When the activation ends; null: nothing was entered, another signature is needed',
      ),
    }),
  },
  withdrawGrant: {
    description:
      'Enters in the register of the org that a mission is withdrawn: from then on none of its versions is open.',
    input: z.strictObject({
      mission: Grant.shape.mission,
      reason: z.string().min(1).max(255),
      by: SalesforceId,
    }),
    output: z.object({ withdrawn: z.boolean().describe('False when it was withdrawn already') }),
  },
} as const
