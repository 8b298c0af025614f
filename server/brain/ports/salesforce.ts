import type { ToolInput, ToolName, ToolOutput } from '../../contract/tools.ts'

/** salesforce-mcp, over MCP. Throws SalesforceError with the tool's own error. */
export interface Salesforce {
  call<T extends ToolName>(tool: T, input: ToolInput<T>, context: { runId: string | null }): Promise<ToolOutput<T>>
}
