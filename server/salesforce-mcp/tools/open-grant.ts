import type { Tool } from '../services/services.ts'

export const openGrant: Tool<'openGrant'> = async ({ grant, activation }, { services }) => ({
  grant: await services.grants.open(grant, activation),
})
