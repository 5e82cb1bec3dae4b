// A dialect of a coding agent: how what it sends under its own names becomes what the conventions call a call of a model, a run of a tool
// and a session. Each dialect is a table, from which `afn-otel up` reads requests and the Collector's statements are written.

/** The agents whose data is read, by `afn.llm.dialect`. Spans of instrumentations have other dialects there. */
export const agentNames = ['claude_code', 'codex', 'gemini_cli', 'qwen_code', 'copilot', 'opencode'] as const
export type AgentName = (typeof agentNames)[number]

/** Keys of attributes, the best first. */
export type Sources = readonly string[]
/** A name of the conventions, and where the dialect writes the same thing. */
export type Field = readonly [name: string, ...sources: Sources]

/** Where a call says how many tokens it used. */
export interface Counts {
  readonly input: Sources
  readonly output: Sources
  /** Of both; what of it is neither input nor the results of tools is output, whichever part of it `output` leaves out. */
  readonly total?: Sources
  readonly cacheRead?: Sources
  readonly cacheWrite?: Sources
  readonly reasoning?: Sources
  /** Results of the provider's own tools, which `input` leaves out. */
  readonly toolUse?: Sources
  /** Whether `input` leaves out what was read from a cache and written to it; the conventions count it in. */
  readonly leavesOutCached?: true
}

/**
 * What a log record is about.
 *
 * - `session`, `prompt`: where a run of the agent begins.
 * - `call`, `failed_call`: of a model.
 * - `tool`: a run of a tool has ended.
 * - `decision`: a tool may run, or may not.
 */
export type Meaning = 'session' | 'prompt' | 'call' | 'failed_call' | 'tool' | 'decision'

export interface AgentEvent {
  /** As `event.name` has it. */
  readonly name: string
  readonly means: Meaning
  /** An attribute without which it means nothing: some agents have one event for several things. */
  readonly has?: string
}

export interface AgentSpan {
  readonly name: string
  /**
   * `repetition`: it tells again what the event of the same call tells, which is the one that counts. `run`: of the agent, or of a part of
   * it.
   */
  readonly means: 'call' | 'repetition' | 'tool' | 'run'
}

/** What tells in a record that it is the first of a session: its event, or a count of the session's events that is 0. */
export type SessionStart = { readonly event: string } | { readonly zero: string }

export interface AgentDialect {
  readonly name: AgentName
  /** `gen_ai.agent.name`, where no part of the agent is named. */
  readonly agent: string
  /** Names of services and of instrumentation scopes, or how they begin: with `.`, `_` or `:` at the end. */
  readonly senders: Sources
  /** What each name of an event may begin with. */
  readonly prefix: string
  readonly events: readonly AgentEvent[]
  readonly spans: readonly AgentSpan[]
  /** Not of those whose records begin no session. */
  readonly sessionStart?: SessionStart
  /** It counts the tokens of its calls itself, under the conventions' names. */
  readonly countsTokens?: true
  /** Names of the conventions for what records and spans say. */
  readonly fields: readonly Field[]
  readonly counts: Counts
  /** The session, whose calls are one trace where the agent has none of its own. */
  readonly session: Sources
  /** A piece of a session that is a trace by itself. */
  readonly turn?: Sources
  /** What names one call for good, in its event and in its span. */
  readonly callId: Sources
  readonly toolCallId: Sources
  /** JSON with the names of an MCP server, a skill or a subagent that a tool is of; what has it names tools `mcp__SERVER__TOOL`, too. */
  readonly toolParameters?: Sources
  /** Milliseconds. */
  readonly duration: Sources
  /** What the agent reckons that the call cost, in USD. */
  readonly reportedCost?: Sources
  /** Whether the events of calls have the trace and the span in which they were made, if there are any. */
  readonly eventsAreTraced: boolean
  /** Whether the agent has spans of tools wherever its events are traced. */
  readonly hasToolSpans: boolean
  /** Tools that change files. */
  readonly editors: readonly string[]
  /** Values of what a `decision` decided, by what they mean. */
  readonly decision: { readonly source: Sources; readonly accepted: Sources; readonly refused: Sources }
}

/**
 * Which signal tells of each call once, whatever else tells of it: log records where there is an event of a call, since they come
 * whether or not spans do.
 */
export const countedSignal = ({ events }: AgentDialect): 'logs' | 'traces' =>
  events.some(({ means }) => means === 'call') ? 'logs' : 'traces'

/** Who names a person, the best first. They are replaced by one pseudonym, as `user.id`. */
export const PERSONS: Sources = ['user.email', 'user.account_uuid', 'user.account_id', 'enduser.id']

/** What a process was started with, which may be a prompt, and by whom. */
export const OF_PROCESS: Sources = ['process.command', 'process.command_args', 'process.command_line', 'process.owner']

/** What agents and their users call the team, where resources have no `team`. */
export const TEAMS: Sources = ['team.id', 'team.name']
