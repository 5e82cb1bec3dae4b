// What the embedded backend answers about coding agents, as types alone, as answers.ts does.
import type { Usage } from './answers'

/** By what the spans of coding agents are grouped. */
export type AgentKey = 'agent' | 'person' | 'team' | 'repository' | 'model' | 'subagent' | 'skill' | 'mcp_server'

export interface AgentWork extends Usage {
  /** Conversations. */
  readonly sessions: number
  /** Runs of tools, and those of them that failed. */
  readonly toolRuns: number
  readonly failedToolRuns: number
  /** Edits of files that a person or a setting accepted or refused. */
  readonly accepted: number
  readonly refused: number
}

/** What is added up over time. */
export type AgentMeasure = 'cost' | 'tokens' | 'calls' | 'tools' | 'failed_tools' | 'accepted' | 'refused'

export interface AgentGroup extends AgentWork {
  /** Null: what has no such attribute. */
  readonly key: string | null
  /** Seconds and the measure; steps without any are left out. */
  readonly points: readonly (readonly [number, number])[]
}

export interface AgentTool {
  readonly name: string
  /** Null of a tool of the agent's own, and where the agent does not tell. */
  readonly server: string | null
  /** `afn.llm.dialect` */
  readonly agent: string
  readonly runs: number
  readonly failed: number
  /** Null where the agent does not tell how long its tools take. */
  readonly p95Ms: number | null
}

/** `GET /api/afn/coding-agents` */
export interface AgentsAnswer {
  readonly stepSeconds: number
  /** Of all groups, those that are left out too. */
  readonly all: AgentWork & { readonly groups: number; readonly tools: number }
  /** The most expensive first. */
  readonly groups: readonly AgentGroup[]
  /** Those with the most runs first, at most fifty. */
  readonly tools: readonly AgentTool[]
}
