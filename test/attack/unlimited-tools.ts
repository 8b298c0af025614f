// The shipped tools without limits per minute: each attempt is refused for its content, not for its number.
import { toolManifest, type ToolManifest } from '../../server/contract/tool-manifest.ts'

export const unlimited = Object.fromEntries(
  Object.entries(toolManifest).map(([tool, row]) => [
    tool,
    row && { ...row, limits: { ...row.limits, perMinute: Infinity } },
  ]),
) as ToolManifest
