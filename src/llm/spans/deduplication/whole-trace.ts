// What belongs to a trace as a whole, on each LLM span of it. LangFuse 4 has no table of traces: it filters and adds up by what
// the observations themselves say.
import type { Attributes } from '@opentelemetry/api'
import { ATTR_GEN_AI_CONVERSATION_ID } from '../../../../semconv'
import { TRACE_NAME, TRACE_TAGS } from '../../report/langfuse/names'
import type { LlmSpan } from '../span'
import { maxDepth, type OpenSpan } from './open-spans'

/**
 * Writes name and tags of the trace onto the copy of an LLM span that ends, as far as they are known by then. The local root
 * gets the conversation of the LLM spans below it where that is one: a session is found by its turns, and the root has the
 * question and the answer of the turn.
 */
export function writeWholeTrace<T extends LlmSpan>(copy: T, span: OpenSpan<T>): void {
  const { root } = span
  if (root === span) {
    const [conversation, ...others] = root.conversations ?? []
    if (others.length === 0) add(copy, ATTR_GEN_AI_CONVERSATION_ID, conversation)
    return
  }
  if (span.kind === undefined) return
  const conversation = copy.attributes[ATTR_GEN_AI_CONVERSATION_ID]
  if (typeof conversation === 'string') {
    root.conversations ??= new Set()
    // two say already that there are several
    if (root.conversations.size < 2) root.conversations.add(conversation)
  }
  add(copy, TRACE_NAME, fromAbove(span, TRACE_NAME) ?? nameOf(root))
  add(copy, TRACE_TAGS, fromAbove(span, TRACE_TAGS))
}

/** What the app has written onto a span above. */
function fromAbove<T extends LlmSpan>(span: OpenSpan<T>, key: string): Attributes[string] {
  let at = span.parent
  for (let n = 0; at && n < maxDepth; n++, at = at.parent) {
    const value = at.live?.attributes[key]
    if (value !== undefined) return value
  }
  return undefined
}

/** A server span gets its route into its name when it ends: the spans below it have to have the same name before. */
function nameOf<T extends LlmSpan>({ name, request }: OpenSpan<T>): string | undefined {
  const route = request?.deref()?.route
  return name === undefined || !route || name.endsWith(route) ? name : `${name.split(' ', 1)[0]} ${route}`
}

function add(copy: LlmSpan, key: string, value: Attributes[string]): void {
  if (value !== undefined && copy.attributes[key] === undefined) copy.own()[key] = value
}
