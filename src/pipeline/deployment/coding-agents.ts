// What coding agents send, under the conventions' names: statements that are written from the tables by which `afn-otel up` reads them. They
// come before the redaction, which hashes the e-mail address that becomes `user.id`.
import {
  ATTR_AFN_AGENT_EDIT_DECISION,
  ATTR_AFN_AGENT_MCP_SERVER_NAME,
  ATTR_AFN_AGENT_SESSION_BEGINS,
  ATTR_AFN_LLM_COST_REPORTED,
  ATTR_AFN_LLM_DIALECT,
  ATTR_AFN_LLM_USAGE_ROLLUP,
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS,
  ATTR_USER_ID,
  ATTR_VCS_REPOSITORY_NAME,
} from '../../../semconv'
import { type AgentDialect, OF_PROCESS, PERSONS, type Sources, TEAMS } from '../../shared/otlp/agents/dialect'
import { agentDialects } from '../../shared/otlp/agents/recognise'
import { chargeStatements } from './agent-charge'
import { providerSideStatements } from './provider-side'
import { note, type Section } from './yaml-comments'

/** The processors. */
export const agents = {
  spans: 'transform/agents',
  logs: 'transform/agents-logs',
  metrics: 'transform/agents-metrics',
} as const

type Context = 'span' | 'log' | 'datapoint'

const quoted = (text: string): string => JSON.stringify(text)
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
const senders = (dialects: readonly AgentDialect[]): string =>
  `^(?:${dialects.flatMap(({ senders }) => senders.map(name => escaped(name) + (/[._:-]$/.test(name) ? '' : '$'))).join('|')})`
/** A condition on the resource and the scope. */
const isFrom = (dialects: readonly AgentDialect[]): string => {
  const pattern = quoted(senders(dialects))
  return `(IsMatch(resource.attributes["service.name"], ${pattern}) or IsMatch(scope.name, ${pattern}))`
}

const unique = (statements: readonly string[]): string[] => [...new Set(statements)]
/** Only an address is known to the redaction, which hashes it: what else names a person is removed. */
const ADDRESS = PERSONS[0]!
const names = (keys: Sources): string => quoted(`^(?:${keys.map(escaped).join('|')})$`)

/** Of one kind of records: reads and writes attributes. */
function words(context: Context) {
  const at = (key: string) => `${context}.attributes[${quoted(key)}]`
  const cached = (key: string) => `${context}.cache[${quoted(key)}]`
  const has = (key: string) => `${at(key)} != nil`
  const isOf = ({ name }: AgentDialect) => `${cached('dialect')} == ${quoted(name)}`
  const isCallOf = ({ name }: AgentDialect) => `${cached('call')} == ${quoted(name)}`
  const set = (key: string, value: string, when: string) => `set(${at(key)}, ${value}) where ${when}`

  const dialects = agentDialects.map(
    dialect => `set(${cached('dialect')}, ${quoted(dialect.name)}) where ${isFrom([dialect])}`,
  )

  const person = [
    set(ATTR_USER_ID, at(ADDRESS), has(ADDRESS)),
    `delete_matching_keys(${context}.attributes, ${names(PERSONS)})`,
  ]

  const named = unique(
    agentDialects.flatMap(({ fields }) =>
      fields.flatMap(([name, ...sources]) =>
        sources.map(key => set(name, at(key), `${at(name)} == nil and ${has(key)}`)),
      ),
    ),
  )
  const model = `replace_pattern(${at(ATTR_GEN_AI_REQUEST_MODEL)}, "\\\\[\\\\d+[km]\\\\]$", "") where ${has(ATTR_GEN_AI_REQUEST_MODEL)}`
  // of a tool that is of none
  const server = `delete_key(${context}.attributes, ${quoted(ATTR_AFN_AGENT_MCP_SERVER_NAME)}) where ${at(ATTR_AFN_AGENT_MCP_SERVER_NAME)} == ""`

  const decisions = agentDialects.flatMap(dialect => {
    const { editors, decision } = dialect
    const isEdit = editors.length === 0 ? '' : ` and ${oneOf(at(ATTR_GEN_AI_TOOL_NAME), editors)}`
    return decision.source.flatMap(key =>
      (['accepted', 'refused'] as const).map(verdict =>
        set(
          ATTR_AFN_AGENT_EDIT_DECISION,
          quoted(verdict),
          `${isOf(dialect)}${isEdit} and ${oneOf(at(key), decision[verdict])}`,
        ),
      ),
    )
  })

  const count = (name: string, sources: Sources = [], when: string) =>
    sources.toReversed().map(key => set(name, `Int(${at(key)})`, `${when} and ${has(key)}`))
  const countsOf = (dialect: AgentDialect) => {
    const { input, output, total, cacheRead, cacheWrite, reasoning, toolUse, leavesOutCached } = dialect.counts
    const when = isCallOf(dialect)
    const all = ATTR_GEN_AI_USAGE_INPUT_TOKENS
    const add = (key: string) => set(all, `${at(all)} + Int(${at(key)})`, `${when} and ${has(all)} and ${has(key)}`)
    return [
      ...count(all, input, when),
      ...count(ATTR_GEN_AI_USAGE_OUTPUT_TOKENS, output, when),
      ...count(ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS, cacheRead, when),
      ...count(ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS, cacheWrite, when),
      ...count(ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS, reasoning, when),
      ...[...(leavesOutCached ? [...(cacheRead ?? []), ...(cacheWrite ?? [])] : []), ...(toolUse ?? [])].map(add),
      ...(total ?? []).map(key =>
        set(
          ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
          `Int(${at(key)}) - ${at(all)}`,
          `${when} and ${has(all)} and ${has(key)} and Int(${at(key)}) >= ${at(all)}`,
        ),
      ),
    ]
  }
  const calls = [
    set(ATTR_AFN_LLM_DIALECT, cached('call'), `${cached('call')} != nil`),
    ...agentDialects.flatMap(countsOf),
    ...agentDialects.flatMap(dialect =>
      (dialect.reportedCost ?? []).map(key =>
        set(ATTR_AFN_LLM_COST_REPORTED, `Double(${at(key)})`, `${isCallOf(dialect)} and ${has(key)}`),
      ),
    ),
  ]
  const agents = agentDialects.map(dialect =>
    set(ATTR_GEN_AI_AGENT_NAME, quoted(dialect.agent), `${isOf(dialect)} and ${at(ATTR_GEN_AI_AGENT_NAME)} == nil`),
  )

  /** What counters go by and the resource alone may tell. */
  const placed = (isCounted: string) =>
    [ATTR_USER_ID, ATTR_VCS_REPOSITORY_NAME].map(key => {
      const outer = `resource.attributes[${quoted(key)}]`
      return set(key, outer, `${at(key)} == nil and ${outer} != nil and (${isCounted})`)
    })

  return {
    at,
    cached,
    isOf,
    set,
    has,
    dialects,
    person,
    named: [...named, model, server],
    decisions,
    calls,
    agents,
    placed,
  }
}

const oneOf = (value: string, names: Sources): string =>
  `IsMatch(${value}, ${quoted(`(?i)^(?:${names.map(escaped).join('|')})$`)})`

function ofResource(): Section {
  const at = (key: string) => `resource.attributes[${quoted(key)}]`
  return {
    context: 'resource',
    conditions: [`IsMatch(${at('service.name')}, ${quoted(senders(agentDialects))})`],
    statements: [
      ...TEAMS.map(key => `set(${at('team')}, ${at(key)}) where ${at('team')} == nil and ${at(key)} != nil`),
      `set(${at(ATTR_USER_ID)}, ${at(ADDRESS)}) where ${at(ADDRESS)} != nil`,
      `delete_matching_keys(resource.attributes, ${names([...PERSONS, ...OF_PROCESS])})`,
    ],
  }
}

const everyAgent = { conditions: [isFrom(agentDialects)] }
const why = 'Gives what coding agents send the names of the conventions; from src/shared/otlp/agents.'

export function agentSpans(): Section {
  const { at, cached, isOf, set, has, dialects, person, named, decisions, calls, agents, placed } = words('span')
  const operations = {
    call: ['chat', ATTR_GEN_AI_REQUEST_MODEL],
    repetition: ['chat', ATTR_GEN_AI_REQUEST_MODEL],
    tool: ['execute_tool', ATTR_GEN_AI_TOOL_NAME],
    run: ['invoke_agent', ATTR_GEN_AI_AGENT_NAME],
  } as const
  const meanings = agentDialects.flatMap(dialect =>
    dialect.spans.flatMap(({ name, means }) => {
      const [operation, of] = operations[means]
      const isIt = `${isOf(dialect)} and span.name == ${quoted(name)}`
      return [
        set(ATTR_GEN_AI_OPERATION_NAME, quoted(operation), isIt),
        ...(means === 'repetition' ? [set(ATTR_AFN_LLM_USAGE_ROLLUP, 'true', isIt)] : []),
        ...(means === 'call' ? [`set(${cached('call')}, ${quoted(dialect.name)}) where ${isIt}`] : []),
        // the last, since the name is what tells
        `set(span.name, Concat([${quoted(operation)}, ${at(of)}], " ")) where ${isIt} and ${has(of)}`,
      ]
    }),
  )
  const isCall = `${at(ATTR_GEN_AI_OPERATION_NAME)} == "chat" and ${at(ATTR_AFN_LLM_USAGE_ROLLUP)} != true`
  // they have the conventions' names by themselves
  const known = `set(${cached('call')}, ${cached('dialect')}) where ${isCall}`
  const statements = [
    ...dialects,
    ...person,
    ...named,
    ...agents,
    ...decisions,
    ...meanings,
    known,
    ...calls,
    ...chargeStatements('span', isCall),
    ...placed(isCall),
  ]
  const ofEvents = [`delete_matching_keys(spanevent.attributes, ${names(PERSONS)})`]
  const trace_statements = [
    ofResource(),
    { ...everyAgent, statements },
    { ...everyAgent, statements: ofEvents },
    providerSideStatements(),
  ]
  return note(
    `${why} Marks what a provider sends of its own side of a call, which has the tokens of the app's span again.`,
    { error_mode: 'ignore', trace_statements },
  )
}

export function agentLogs(): Section {
  const { at, cached, isOf, set, has, dialects, person, named, decisions, calls, agents, placed } = words('log')
  const isEvent = (dialect: AgentDialect, name: string) =>
    `${isOf(dialect)} and IsMatch(${at('event.name')}, ${quoted(`^(?:${escaped(dialect.prefix)})?${escaped(name)}$`)})`
  const meanings = agentDialects.flatMap(dialect =>
    dialect.events
      .filter(({ means }) => means === 'call')
      .map(event => {
        const isIt = `${isEvent(dialect, event.name)}${event.has ? ` and ${has(event.has)}` : ''}`
        return `set(${cached('call')}, ${quoted(dialect.name)}) where ${isIt}`
      }),
  )
  const begins = agentDialects.flatMap(dialect => {
    const { sessionStart: first } = dialect
    if (!first) return []
    const isIt = 'event' in first ? isEvent(dialect, first.event) : `${isOf(dialect)} and ${at(first.zero)} == 0`
    return [set(ATTR_AFN_AGENT_SESSION_BEGINS, 'true', isIt)]
  })
  const isCall = `${cached('call')} != nil`
  const statements = [
    ...dialects,
    ...person,
    ...named,
    ...agents,
    ...decisions,
    ...meanings,
    ...calls,
    ...begins,
    ...chargeStatements('log', isCall),
    ...placed(`${isCall} or ${has(ATTR_AFN_AGENT_EDIT_DECISION)} or ${has(ATTR_AFN_AGENT_SESSION_BEGINS)}`),
  ]
  return note(why, { error_mode: 'ignore', log_statements: [ofResource(), { ...everyAgent, statements }] })
}

export function agentMetrics(): Section {
  const { person } = words('datapoint')
  return note(why, {
    error_mode: 'ignore',
    metric_statements: [ofResource(), { ...everyAgent, statements: person }],
  })
}
