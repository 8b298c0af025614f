import type { Tool } from '../services/services.ts'

export const openGrant: Tool<'openGrant'> = ({ grant }, { services }) => services.grants.open(grant)
