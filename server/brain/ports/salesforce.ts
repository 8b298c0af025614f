import type { ToolInput, ToolName, ToolOutput } from '../../contract/tools.ts'

export interface CallContext {
  runId: string | null
  /** For whom the call is made, for the log of salesforce-mcp; absent where the brain acts for no user. */
  userId?: string
  /** Time (ISO 8601, UTC) after which a write may no longer begin. */
  notAfter?: string
}

/** salesforce-mcp, over MCP. Throws SalesforceError with the tool's own error. */
export interface Salesforce {
  call<T extends ToolName>(tool: T, input: ToolInput<T>, context: CallContext): Promise<ToolOutput<T>>
}
