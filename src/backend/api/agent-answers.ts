// Types of the answers about coding agents, as in answers.ts.
import type { Usage } from './answers'

/** The key by which spans of coding agents are grouped. */
export type AgentKey = 'agent' | 'person' | 'team' | 'repository' | 'model' | 'subagent' | 'skill' | 'mcp_server'

export interface AgentWork extends Usage {
  /** Number of conversations. */
  readonly sessions: number
  /** Tool runs, and how many of them failed. */
  readonly toolRuns: number
  readonly failedToolRuns: number
  /** File edits that a person or a setting accepted or refused. */
  readonly accepted: number
  readonly refused: number
}

/** The measure that is summed over time. */
export type AgentMeasure = 'cost' | 'tokens' | 'calls' | 'tools' | 'failed_tools' | 'accepted' | 'refused'

export interface AgentGroup extends AgentWork {
  /** Null for spans without the attribute. */
  readonly key: string | null
  /** Pairs of time in seconds and value; steps without values are left out. */
  readonly points: readonly (readonly [number, number])[]
}

export interface AgentTool {
  readonly name: string
  /** Null for a tool of the agent itself, and if the agent does not report the server. */
  readonly server: string | null
  /** `afn.llm.dialect` */
  readonly agent: string
  readonly runs: number
  readonly failed: number
  /** Null if the agent does not report how long its tools take. */
  readonly p95Ms: number | null
}

/** `GET /api/afn/coding-agents` */
export interface AgentsAnswer {
  readonly stepSeconds: number
  /** Over all groups, including those beyond the limit. */
  readonly all: AgentWork & { readonly groups: number; readonly tools: number }
  /** The most expensive first. */
  readonly groups: readonly AgentGroup[]
  /** The fifty with the most runs, in descending order. */
  readonly tools: readonly AgentTool[]
}
