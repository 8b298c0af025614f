import type { Tool } from '../services/services.ts'

/** Withdrawing only narrows, so it takes no signature; it is entered also while writes are stopped. */
export const withdrawGrant: Tool<'withdrawGrant'> = async ({ mission, reason, by }, { services }) => {
  const { register, grants } = services
  const records = await register.read(mission)
  grants.close(mission)
  if (records[0]?.isWithdrawn) return { withdrawn: false }
  await register.enter({ mission, withdrawnBy: by, reason }, records)
  return { withdrawn: true }
}
