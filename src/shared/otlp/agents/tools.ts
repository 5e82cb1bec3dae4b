// What a tool is, where an agent tells it by a name that has the MCP server in it, or by a text of JSON beside the name.
import {
  ATTR_AFN_AGENT_MCP_SERVER_NAME,
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_SKILL_NAME,
  ATTR_GEN_AI_TOOL_NAME,
} from '../../../../semconv'
import type { AttributeList } from './attributes'
import type { AgentDialect } from './dialect'

/** `mcp__SERVER__TOOL` */
const ofServer = /^mcp__(.+?)__(.+)$/

/** Names in the text, and what the conventions call them. */
const parts: readonly (readonly [name: string, key: string])[] = [
  [ATTR_GEN_AI_TOOL_NAME, 'mcp_tool_name'],
  [ATTR_AFN_AGENT_MCP_SERVER_NAME, 'mcp_server_name'],
  [ATTR_GEN_AI_SKILL_NAME, 'skill_name'],
  [ATTR_GEN_AI_AGENT_NAME, 'subagent_type'],
]

/** Of a record or a span of a tool, in place. */
export function nameTool(said: AttributeList, { toolParameters }: AgentDialect): void {
  if (!toolParameters) return
  const known = parametersIn(said.text(toolParameters))
  for (const [name, key] of parts) if (typeof known[key] === 'string') said.set(name, known[key])
  const [, server, tool] = ofServer.exec(said.text([ATTR_GEN_AI_TOOL_NAME]) ?? '') ?? []
  said.set(ATTR_AFN_AGENT_MCP_SERVER_NAME, server)
  said.set(ATTR_GEN_AI_TOOL_NAME, tool)
}

function parametersIn(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    return { ...JSON.parse(text ?? '{}') }
  } catch {
    // cut off
    return {}
  }
}
