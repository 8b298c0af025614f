import type { Tool } from '../services/services.ts'

export const acceptDecision: Tool<'acceptDecision'> = ({ token }, { services }) => services.desk.accept(token)
