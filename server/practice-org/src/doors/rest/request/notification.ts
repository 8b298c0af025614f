// A bell notification as it was sent.
import { z } from 'zod'

export const Notification = z.object({
  customNotifTypeId: z.string().regex(/^0ML\w{12}(\w{3})?$/),
  recipientIds: z.array(z.string()).min(1).max(500),
  title: z.string().min(1).max(250),
  body: z.string().min(1).max(750),
  targetId: z.string().nullish(),
  targetPageRef: z.string().nullish(),
})

/** One as it was sent, with the users who hear of it. */
export type Notification = z.infer<typeof Notification> & { userIds: string[] }
