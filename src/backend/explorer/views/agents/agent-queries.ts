// TraceQL for the spans behind a row, and what a row is called.
import { type AgentName, agentNames } from '../../../../shared/otlp/agents/dialect'
import type { AgentKey, AgentTool } from '../../../api/agent-answers'
import { quoted } from '../../traceql/write'

const DIALECT = 'span.afn.llm.dialect'
const SERVER = 'span.afn.agent.mcp_server.name'

/** Where the server finds what it groups by, the best first. */
const ATTRIBUTES: Readonly<Record<AgentKey, readonly string[]>> = {
  agent: [DIALECT],
  person: ['span.user.id'],
  team: ['resource.team', 'span.team'],
  repository: ['resource.vcs.repository.name', 'span.vcs.repository.name'],
  model: ['span.gen_ai.request.model', 'span.gen_ai.response.model'],
  subagent: ['span.gen_ai.agent.name'],
  skill: ['span.gen_ai.skill.name'],
  mcp_server: [SERVER],
}

const isOfAgent = `${DIALECT} =~ ${quoted(agentNames.join('|'))}`

/** @param key null for what has none */
export function queryOfGroup(by: AgentKey, key: string | null): string {
  const is = ATTRIBUTES[by].map(name => `${name} = ${key === null ? 'nil' : quoted(key)}`)
  const condition = is.length === 1 ? is[0] : `(${is.join(key === null ? ' && ' : ' || ')})`
  return by === 'agent' ? `{ ${condition} }` : `{ ${isOfAgent} && ${condition} }`
}

export function queryOfTool({ name, server, agent }: AgentTool, failed: boolean): string {
  const conditions = [
    `${DIALECT} = ${quoted(agent)}`,
    'span.gen_ai.operation.name = "execute_tool"',
    `span.gen_ai.tool.name = ${quoted(name)}`,
    ...(server === null ? [] : [`${SERVER} = ${quoted(server)}`]),
    ...(failed ? ['status = error'] : []),
  ]
  return `{ ${conditions.join(' && ')} }`
}

const PRODUCTS: Readonly<Record<AgentName, string>> = {
  claude_code: 'Claude Code',
  codex: 'Codex',
  gemini_cli: 'Gemini CLI',
  qwen_code: 'Qwen Code',
  copilot: 'GitHub Copilot',
  opencode: 'opencode',
}

export const productOf = (dialect: string): string => PRODUCTS[dialect as AgentName] ?? dialect
