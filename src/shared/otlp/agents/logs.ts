// The log records of coding agents, under the conventions' names, and the spans that are made of those that tell of a call, a tool or a
// run.
import {
  ATTR_AFN_AGENT_EDIT_DECISION,
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_USER_ID,
  GEN_AI_OPERATION_NAME_VALUE_CHAT as CHAT,
  GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL as EXECUTE_TOOL,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT as INVOKE_AGENT,
} from '../../../../semconv'
import { integer } from '../any-value'
import type { Document } from '../schema'
import { AttributeList } from './attributes'
import { addCharge, addIdentity, addNames, partsOfAgents } from './common'
import type { AgentDialect, Meaning } from './dialect'
import { CLIENT, spanIdOf, traceIdOf } from './ids'
import { hidePerson, type PseudonymOf } from './persons'
import { usageOf } from './usage'

const INTERNAL = 1
const ERROR = 2
/** Attributes of a record that its span has too, besides those that the conventions name. */
const kept = [ATTR_USER_ID, 'team', 'vcs.repository.name']

/**
 * Names them, in place.
 * @returns whether there is one, and a request of the spans that are made of them, if any
 */
export function nameLogs(request: Document, pseudonymOf: PseudonymOf): { isOfAgent: boolean; spans?: Document } {
  const resourceSpans: Document[] = []
  let isOfAgent = false
  for (const part of partsOfAgents(request, ['resourceLogs', 'scopeLogs', 'logRecords'], pseudonymOf)) {
    isOfAgent = true
    const spans: Document[] = []
    for (const record of part.records) {
      const said = new AttributeList(record)
      hidePerson(said, pseudonymOf, part.person)
      addNames(said, part.dialect)
      for (const span of [spanOf(record, said, part.dialect), decisionOf(record, said, part.dialect)])
        if (span) spans.push(span)
    }
    const { resource, scope } = part
    if (spans.length > 0) resourceSpans.push({ resource, scopeSpans: [{ scope, spans }] })
  }
  return { isOfAgent, ...(resourceSpans.length > 0 && { spans: { resourceSpans } }) }
}

function meaningOf(record: Document, said: AttributeList, { events, prefix }: AgentDialect): Meaning | undefined {
  const full = said.text(['event.name']) ?? String(record.eventName ?? '')
  const name = full.startsWith(prefix) ? full.slice(prefix.length) : full
  return events.find(event => event.name === name && (event.has === undefined || said.has(event.has)))?.means
}

/** Where the span of a record belongs; undefined where the record does not tell its session, or when it was made. */
function placeOf(record: Document, said: AttributeList, dialect: AgentDialect) {
  const session = said.text([...(dialect.turn ?? []), ...dialect.session])
  const end = endOf(record, said)
  if (session === undefined || end === undefined) return undefined
  const traced = dialect.eventsAreTraced && typeof record.traceId === 'string' && /[1-9a-f]/i.test(record.traceId)
  const run = spanIdOf(dialect.name, 'run', session)
  return {
    end,
    run,
    traced,
    traceId: traced ? record.traceId : traceIdOf(dialect.name, session),
    parentSpanId: traced ? record.spanId : run,
  }
}

function spanOf(record: Document, said: AttributeList, dialect: AgentDialect): Document | undefined {
  const means = meaningOf(record, said, dialect)
  const place = placeOf(record, said, dialect)
  if (means === undefined || means === 'decision' || place === undefined) return undefined
  const { end, run, traced, traceId, parentSpanId } = place
  const isRun = means === 'prompt' || means === 'session'
  // the agent's own span tells it better
  if (traced && (isRun || (means === 'tool' && dialect.hasToolSpans))) return undefined
  const duration = BigInt(Math.round((said.number(dialect.duration) ?? 0) * 1e6))
  const span: Document = {
    traceId,
    spanId: isRun ? run : idOf(means, said, dialect, end),
    ...(!isRun && { parentSpanId }),
    startTimeUnixNano: String(isRun ? end : end - duration),
    endTimeUnixNano: String(end),
    attributes: [],
  }
  describe(span, said, dialect, means)
  return span
}

/** The moment in which an edit was accepted or refused: what was refused has no other span. */
function decisionOf(record: Document, said: AttributeList, dialect: AgentDialect): Document | undefined {
  const place = said.has(ATTR_AFN_AGENT_EDIT_DECISION) ? placeOf(record, said, dialect) : undefined
  if (!place) return undefined
  const { end, traceId, parentSpanId } = place
  const id = said.text(dialect.toolCallId) ?? String(end)
  const span: Document = {
    traceId,
    spanId: spanIdOf(dialect.name, 'decision', said.text(dialect.session), id),
    parentSpanId,
    name: ['edit_decision', said.text([ATTR_GEN_AI_TOOL_NAME])].filter(Boolean).join(' '),
    kind: INTERNAL,
    startTimeUnixNano: String(end),
    endTimeUnixNano: String(end),
    attributes: [],
  }
  const of = new AttributeList(span)
  copyNames(of, said, dialect)
  of.set(ATTR_AFN_AGENT_EDIT_DECISION, said.text([ATTR_AFN_AGENT_EDIT_DECISION]))
  addIdentity(of, dialect)
  return span
}

function copyNames(of: AttributeList, said: AttributeList, { fields }: AgentDialect): void {
  for (const name of [...fields.map(([name]) => name), ...kept]) of.set(name, said.text([name]))
}

function describe(span: Document, said: AttributeList, dialect: AgentDialect, means: Meaning): void {
  const of = new AttributeList(span)
  copyNames(of, said, dialect)
  const isCall = means === 'call' || means === 'failed_call'
  const operation = isCall ? CHAT : means === 'tool' ? EXECUTE_TOOL : INVOKE_AGENT
  addIdentity(of, dialect)
  of.set(ATTR_GEN_AI_OPERATION_NAME, operation)
  if (means === 'call') {
    for (const [name, count] of Object.entries(usageOf(said, dialect.counts))) of.set(name, count)
  }
  if (isCall) addCharge(of, dialect, said)
  const failed = means === 'failed_call' || (means === 'tool' && said.text(['success']) === 'false')
  if (failed) {
    of.set(ATTR_ERROR_TYPE, said.text([ATTR_ERROR_TYPE, 'status_code', 'error_type']) ?? '_OTHER')
    span.status = { code: ERROR }
  }
  const name = isCall ? ATTR_GEN_AI_REQUEST_MODEL : means === 'tool' ? ATTR_GEN_AI_TOOL_NAME : undefined
  span.name = [operation, name ? said.text([name]) : dialect.agent].filter(Boolean).join(' ')
  span.kind = isCall ? CLIENT : INTERNAL
}

/** Where nothing names a call, what it used and when does. */
function idOf(means: Meaning, said: AttributeList, dialect: AgentDialect, end: bigint): string {
  const id = said.text(means === 'tool' ? dialect.toolCallId : dialect.callId)
  const kind = means === 'tool' ? 'tool' : 'call'
  if (id !== undefined) return spanIdOf(dialect.name, kind, id)
  const counts = Object.values(usageOf(said, dialect.counts))
  return spanIdOf(dialect.name, kind, said.text(dialect.session), String(end), said.text(['event.sequence']), ...counts)
}

/** When the record was made, in nanoseconds since 1970. */
function endOf(record: Document, said: AttributeList): bigint | undefined {
  for (const key of ['timeUnixNano', 'observedTimeUnixNano'] as const) {
    const time = integer(record[key] as string | undefined)
    if (time > 0n) return time
  }
  const written = Date.parse(said.text(['event.timestamp']) ?? '')
  return Number.isNaN(written) ? undefined : BigInt(written) * 1_000_000n
}
