import { z } from 'zod'
import { UnclearAnswer } from '../failure/failure.ts'
import { quoted, runQueries } from '../org/query.ts'
import type { Tool } from '../services/services.ts'

const User = z.object({ Username: z.string() })

export const getUserInfo: Tool<'getUserInfo'> = async (_input, { services, count }) => {
  const { orgId, userId } = await services.reader.session()
  const soql = `SELECT Username FROM User WHERE Id = ${quoted(userId)}`
  const [result] = await runQueries(services.reader, [{ soql }], count)
  const user = User.safeParse(result?.rows[0])
  if (!user.success) throw new UnclearAnswer('the org does not show the reading user to itself')
  return { organizationId: orgId, userId, username: user.data.Username, calls: count.calls }
}
