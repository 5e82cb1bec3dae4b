// The spans of coding agents, under the conventions' names.
import {
  ATTR_AFN_LLM_USAGE_ROLLUP,
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_TOOL_NAME,
  GEN_AI_OPERATION_NAME_VALUE_CHAT as CHAT,
  GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL as EXECUTE_TOOL,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT as INVOKE_AGENT,
} from '../../../../semconv'
import type { Document } from '../schema'
import { AttributeList } from './attributes'
import { addCharge, addIdentity, addNames, documents, partsOfAgents } from './common'
import type { AgentDialect } from './dialect'
import { CLIENT, spanIdOf, traceIdOf } from './ids'
import { hidePerson, type PseudonymOf } from './persons'
import { usageOf } from './usage'

/** What each kind of span is, and what stands behind its operation in the name of the span. */
const operations = {
  call: [CHAT, ATTR_GEN_AI_REQUEST_MODEL],
  repetition: [CHAT, ATTR_GEN_AI_REQUEST_MODEL],
  tool: [EXECUTE_TOOL, ATTR_GEN_AI_TOOL_NAME],
  run: [INVOKE_AGENT, ATTR_GEN_AI_AGENT_NAME],
} as const

/**
 * Names them, in place.
 * @returns the spans of the agents
 */
export function nameSpans(request: Document, pseudonymOf: PseudonymOf): Document[] {
  const found: Document[] = []
  for (const { dialect, records, person } of partsOfAgents(
    request,
    ['resourceSpans', 'scopeSpans', 'spans'],
    pseudonymOf,
  ))
    for (const span of records) {
      const said = new AttributeList(span)
      hidePerson(said, pseudonymOf, person)
      nameSpan(span, said, dialect)
      for (const event of documents(span.events)) hidePerson(new AttributeList(event), pseudonymOf)
      found.push(span)
    }
  return found
}

function nameSpan(span: Document, said: AttributeList, dialect: AgentDialect): void {
  const means = dialect.spans.find(({ name }) => name === span.name)?.means
  addNames(said, dialect)
  if (means !== undefined || said.has(ATTR_GEN_AI_OPERATION_NAME)) addIdentity(said, dialect)
  if (means !== undefined) {
    const [operation, of] = operations[means]
    said.set(ATTR_GEN_AI_OPERATION_NAME, operation)
    if (means === 'repetition') said.set(ATTR_AFN_LLM_USAGE_ROLLUP, true)
    if (means === 'call') {
      for (const [name, count] of Object.entries(usageOf(said, dialect.counts))) said.set(name, count)
      const id = said.text(dialect.callId)
      // the span that is made of the event of the same call has this id too, and it is one for the store if its kind is the same
      if (id !== undefined)
        Object.assign(span, placeOfLone(span, said, dialect), {
          spanId: spanIdOf(dialect.name, 'call', id),
          kind: CLIENT,
        })
    }
    span.name = [operation, said.text([of])].filter(Boolean).join(' ')
  }
  if (said.text([ATTR_GEN_AI_OPERATION_NAME]) === CHAT) addCharge(said, dialect)
}

/** A call outside of any run, such as one for the title of a session, is a trace by itself, which its event does not know. */
function placeOfLone(span: Document, said: AttributeList, dialect: AgentDialect): Document {
  const session = span.parentSpanId ? undefined : said.text(dialect.session)
  if (session === undefined) return {}
  return { traceId: traceIdOf(dialect.name, session), parentSpanId: spanIdOf(dialect.name, 'run', session) }
}
