// What a provider sent of its own side, as the inside of the calls of a trace.
import * as names from '../../../../semconv'
import { CLAUDE_PLATFORM, insideOfCalls } from '../../../shared/otlp/inside-of-call'
import type { ProviderSideAnswer } from '../../api/break-answers'
import { readTrace } from './otlp-json'
import { flagAt, type Span, textAt } from './span'

export const isProviderSide = ({ scope }: Span): boolean => scope.name === CLAUDE_PLATFORM

/**
 * @param spans of the trace
 * @param answer what came in other traces
 */
export function withProviderSide(spans: readonly Span[], answer: ProviderSideAnswer | undefined): readonly Span[] {
  const known = new Set(spans.map(({ id }) => id))
  const others = (answer?.traces ?? []).flatMap(trace =>
    readTrace(trace).map((span): Span => ({ ...span, elsewhere: trace.traceId })),
  )
  const all = [...spans, ...others.filter(({ id }) => !known.has(id))]
  const theirs = all.filter(isProviderSide)
  if (theirs.length === 0) return spans
  const inside = insideOfCalls(
    theirs.map(span => ({ ...span, isServer: span.kind === 'server', responseId: responseOf(span) })),
    callsByResponse(spans),
  )
  return all.map(span => ({ ...span, parentId: inside.get(span.id) ?? span.parentId }))
}

/** A span that repeats a call below it may have the same id of the answer: the call is it. */
function callsByResponse(spans: readonly Span[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const span of spans) {
    const response = isProviderSide(span) || span.kind === 'server' ? undefined : responseOf(span)
    const isRepetition = flagAt(span.attributes, names.ATTR_AFN_LLM_USAGE_ROLLUP) === true
    if (response !== undefined && !(isRepetition && found.has(response))) found.set(response, span.id)
  }
  return found
}

const responseOf = ({ attributes }: Span): string | undefined => textAt(attributes, names.ATTR_GEN_AI_RESPONSE_ID)
