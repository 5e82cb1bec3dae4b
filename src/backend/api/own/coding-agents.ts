// `GET /api/afn/coding-agents`: what coding agents cost and did, by agent, person, team, repository, model, subagent, skill or MCP server.

import {
  ATTR_AFN_AGENT_EDIT_DECISION,
  ATTR_AFN_AGENT_MCP_SERVER_NAME,
  ATTR_AFN_LLM_DIALECT,
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_CONVERSATION_ID,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_SKILL_NAME,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_USER_ID,
  GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
} from '../../../../semconv'
import { agentNames } from '../../../shared/otlp/agents/dialect'
import type { QueryParams, TimeRangeNs } from '../../request-parameters'
import { cost, isCall, model, tokens, totals } from '../../store/calls'
import { attribute, joins, text } from '../../store/columns'
import type { Row } from '../../store/store'
import { knownKeys } from '../../traceql/known-keys'
import type { AgentKey, AgentMeasure, AgentsAnswer, AgentWork } from '../agent-answers'
import { integer, oneOf, stepOf, within } from '../parameters'
import type { Parts } from '../parts'
import { count, numberOrNull, textOrNull, usageOf } from './row'

const ofSpan = (key: string): string => attribute('span', key, 'string')
/** Agents report these in the resource, and some in each record. */
const ofEither = (key: string): string => `coalesce(${attribute('resource', key, 'string')}, ${ofSpan(key)})`

const dialect = ofSpan(ATTR_AFN_LLM_DIALECT)
const server = ofSpan(ATTR_AFN_AGENT_MCP_SERVER_NAME)
const tool = ofSpan(ATTR_GEN_AI_TOOL_NAME)

const keys: Readonly<Record<AgentKey, string>> = {
  agent: dialect,
  person: ofSpan(ATTR_USER_ID),
  team: ofEither('team'),
  repository: ofEither('vcs.repository.name'),
  model,
  subagent: ofSpan(ATTR_GEN_AI_AGENT_NAME),
  skill: ofSpan(ATTR_GEN_AI_SKILL_NAME),
  mcp_server: server,
}

/** Instrumented LLM calls also have a dialect, but belong to no coding agent. */
const isOfAgent = `list_contains([${agentNames.map(text).join(', ')}], ${dialect})`
const isTool = `${ofSpan(ATTR_GEN_AI_OPERATION_NAME)} = ${text(GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL)}`
const isFailed = 's.status = 2'
const isDecided = (how: string): string => `${ofSpan(ATTR_AFN_AGENT_EDIT_DECISION)} = ${text(how)}`
const counted = (condition: string): string => `count(*) FILTER (${condition})`

/** NULL if there are none. */
const measures: Readonly<Record<AgentMeasure, string>> = {
  cost: `sum(${cost})`,
  tokens: `sum(${tokens}) FILTER (${isCall})`,
  calls: `nullif(${counted(isCall)}, 0)`,
  tools: `nullif(${counted(isTool)}, 0)`,
  failed_tools: `nullif(${counted(`${isTool} AND ${isFailed}`)}, 0)`,
  accepted: `nullif(${counted(isDecided('accepted'))}, 0)`,
  refused: `nullif(${counted(isDecided('refused'))}, 0)`,
}

const work = `${totals},
  count(DISTINCT ${ofSpan(ATTR_GEN_AI_CONVERSATION_ID)}) AS sessions,
  ${counted(isTool)} AS tool_runs,
  ${counted(`${isTool} AND ${isFailed}`)} AS failed_tool_runs,
  ${counted(isDecided('accepted'))} AS accepted,
  ${counted(isDecided('refused'))} AS refused`

const mostTools = 50
const nothing: AgentWork = workOf({})

/** @param limit on groups, 1 to 1,000, 50 by default @throws Refused with 400 */
export async function codingAgents({ store }: Parts, params: QueryParams, period: TimeRangeNs): Promise<AgentsAnswer> {
  const by = oneOf(params, 'by', Object.keys(keys) as AgentKey[], 'agent')
  const measure = oneOf(params, 'measure', Object.keys(measures) as AgentMeasure[], 'cost')
  const limit = integer(params, 'limit', 1, 1_000) ?? 50
  const stepSeconds = stepOf(params, period)
  const known = await knownKeys(store)
  if (!known.has('span', ATTR_AFN_LLM_DIALECT, 'string'))
    return { stepSeconds, all: { ...nothing, groups: 0, tools: 0 }, groups: [], tools: [] }
  const from = `${joins.span} ${joins.resource} WHERE ${within(period)} AND ${isOfAgent}`
  const rows = await store.query(
    `WITH step AS MATERIALIZED (
      SELECT nullif(${keys[by]}, '') AS key, s.start_ns // ${BigInt(stepSeconds) * 1_000_000_000n} AS step, GROUPING(key, step) AS level,
        ${measures[measure]} AS value, ${work}
      FROM ${from} GROUP BY GROUPING SETS ((key, step), (key), ())
    ), best AS MATERIALIZED (
      SELECT *, count(*) OVER () AS groups FROM step WHERE level = ${ofKey}
        AND calls + tool_runs + accepted + refused > 0
      ORDER BY cost DESC NULLS LAST, calls DESC, key LIMIT ${limit}
    ), points AS (
      SELECT key, list([step, value] ORDER BY step) FILTER (value IS NOT NULL) AS points FROM step
      WHERE level = ${ofStep} GROUP BY key
    )
    SELECT b.*, p.points FROM best b LEFT JOIN points p ON p.key IS NOT DISTINCT FROM b.key
    UNION ALL SELECT *, 0, NULL FROM step WHERE level = ${ofAll}
    ORDER BY level, cost DESC NULLS LAST, calls DESC, key`,
  )
  const tools = await store.query(
    `SELECT ${tool} AS name, nullif(${server}, '') AS server, ${dialect} AS agent, count(*) AS runs, ${counted(isFailed)} AS failed,
      quantile_cont(s.duration_ns / 1e6, 0.95) FILTER (s.duration_ns > 0) AS p95_ms, count(*) OVER () AS tools
    FROM ${from} AND ${isTool} AND ${tool} IS NOT NULL GROUP BY ALL ORDER BY runs DESC, name, server, agent LIMIT ${mostTools}`,
  )
  const found = rows.filter(({ level }) => Number(level) === ofKey)
  const all = rows.find(({ level }) => Number(level) === ofAll)!
  return {
    stepSeconds,
    all: { ...workOf(all), groups: count(found[0]?.groups), tools: count(tools[0]?.tools) },
    groups: found.map(row => ({
      key: textOrNull(row.key),
      ...workOf(row),
      points: ((row.points ?? []) as [unknown, unknown][]).map(
        ([at, value]) => [Number(at) * stepSeconds, Number(value)] as const,
      ),
    })),
    tools: tools.map(row => ({
      name: row.name as string,
      server: textOrNull(row.server),
      agent: row.agent as string,
      runs: count(row.runs),
      failed: count(row.failed),
      p95Ms: numberOrNull(row.p95_ms),
    })),
  }
}

function workOf(row: Row): AgentWork {
  const { errors: _, ...usage } = usageOf(row)
  return {
    ...usage,
    sessions: count(row.sessions),
    toolRuns: count(row.tool_runs),
    failedToolRuns: count(row.failed_tool_runs),
    accepted: count(row.accepted),
    refused: count(row.refused),
  }
}

/** The values of GROUPING(key, step): a bit is set if the rows are not grouped by that column. */
const [ofStep, ofKey, ofAll] = [0, 1, 3]
