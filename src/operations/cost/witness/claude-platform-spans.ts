/**
 * Reads the spans that the Claude API creates for requests, as OTLP JSON: a document, a list of documents, or one per line, as from the
 * Collector's file exporter. https://platform.claude.com/docs/en/api/opentelemetry/spans
 */
import {
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_RESPONSE_ID,
  ATTR_GEN_AI_RESPONSE_MODEL,
  ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
} from '../../../../semconv'
import { type PlainValue, plainAttributes } from '../../../shared/otlp/any-value'
import { CLAUDE_PLATFORM } from '../../../shared/otlp/inside-of-call'
import { hexId, type ResourceSpans, type Span, spanKind } from '../../../shared/otlp/trace'
import { modelKey } from '../invoice/compare'
import { InvoiceError } from '../invoice/invoice'
import type { TheirCall } from './statement'

const REQUEST_ID = 'anthropic.request.id'
/** Usage of context compaction, which the span's counts do not include. */
const COMPACTION = {
  input: 'anthropic.usage.compaction.input_tokens',
  output: 'anthropic.usage.compaction.output_tokens',
}

/** Whether the text is OTLP with such spans. */
export const isClaudePlatform = (text: string): boolean =>
  text.includes(`"${CLAUDE_PLATFORM}"`) && /"(?:resourceSpans|batches)"\s*:/.test(text)

interface Counts {
  readonly input: number
  readonly output: number
  readonly cacheRead: number
  readonly cacheWrite: number
  /** How often a model ran. */
  readonly runs: number
}

interface Node {
  readonly span: Span
  readonly attributes: Readonly<Record<string, PlainValue>>
  readonly line: number
  readonly children: Node[]
}

/** Skips requests without usage. @throws InvoiceError with every invalid line */
export function readClaudePlatform(content: string): TheirCall[] {
  const nodes = new Map<string, Node>()
  for (const { line, document } of documentsIn(content))
    for (const span of spansOf(document))
      nodes.set(idOf(span, span.spanId), { span, attributes: plainAttributes(span.attributes), line, children: [] })
  const roots: Node[] = []
  for (const node of nodes.values()) {
    const parent = node.span.parentSpanId && nodes.get(idOf(node.span, node.span.parentSpanId))
    if (parent) parent.children.push(node)
    else roots.push(node)
  }
  const calls: TheirCall[] = []
  // a session has turns, and each turn has its own runs
  for (let node = roots.pop(); node; node = roots.pop()) {
    const isCall = spanKind(node.span.kind) === 'server' || countsOf(node) !== undefined
    if (!isCall) roots.push(...node.children)
    else {
      const counts = countsOf(node) ?? sumOf(node.children)
      if (counts && counts.input + counts.output > 0) calls.push(callOf(node, counts))
    }
  }
  return calls.toSorted((a, b) => a.at - b.at)
}

function* documentsIn(content: string): Generator<{ line: number; document: unknown }> {
  const text = content.replace(/^\uFEFF/, '')
  const whole = parsed(text)
  if (!(whole instanceof Error)) {
    for (const document of [whole].flat()) yield { line: 1, document }
    return
  }
  const wrong: string[] = []
  for (const [index, one] of text.split('\n').entries()) {
    if (one.trim() === '') continue
    const document = parsed(one)
    if (document instanceof Error) wrong.push(`line ${index + 1}: ${document.message}`)
    else yield { line: index + 1, document }
  }
  if (wrong.length > 0) throw new InvoiceError(`the spans can't be read as OTLP JSON:\n${wrong.join('\n')}`)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    return error as Error
  }
}

/** Spans of the provider's scope. Tempo returns `batches` instead of `resourceSpans`, and wraps the trace in a member. */
function spansOf(document: unknown): Span[] {
  const { trace, resourceSpans, batches } = (document ?? {}) as Readonly<Record<string, unknown>>
  if (trace !== undefined) return spansOf(trace)
  const resources = [resourceSpans ?? batches ?? []].flat() as readonly ResourceSpans[]
  return resources.flatMap(({ scopeSpans = [] }) =>
    scopeSpans.flatMap(({ scope, spans = [] }) => (scope?.name === CLAUDE_PLATFORM ? spans : [])),
  )
}

const idOf = ({ traceId }: Span, spanId: string | undefined): string => `${hexId(traceId, 32)} ${hexId(spanId, 16)}`

/** The usage that the span itself reports. */
function countsOf({ attributes }: Node): Counts | undefined {
  const count = (name: string) => {
    const value = attributes[name]
    return typeof value === 'number' && value >= 0 ? value : undefined
  }
  const [input, output] = [count(ATTR_GEN_AI_USAGE_INPUT_TOKENS), count(ATTR_GEN_AI_USAGE_OUTPUT_TOKENS)]
  if (input === undefined && output === undefined) return undefined
  const compaction = { input: count(COMPACTION.input) ?? 0, output: count(COMPACTION.output) ?? 0 }
  return {
    input: (input ?? 0) + compaction.input,
    output: (output ?? 0) + compaction.output,
    cacheRead: count(ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS) ?? 0,
    cacheWrite: count(ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS) ?? 0,
    runs: compaction.input + compaction.output > 0 ? 2 : 1,
  }
}

/** Sums the runs below a request without counts of its own. */
function sumOf(nodes: readonly Node[]): Counts | undefined {
  const all = nodes.flatMap(node => countsOf(node) ?? sumOf(node.children) ?? [])
  if (all.length === 0) return undefined
  const sum = (key: keyof Counts) => all.reduce((total, counts) => total + counts[key], 0)
  return {
    input: sum('input'),
    output: sum('output'),
    cacheRead: sum('cacheRead'),
    cacheWrite: sum('cacheWrite'),
    runs: sum('runs'),
  }
}

function callOf(node: Node, counts: Counts): TheirCall {
  const { span, line } = node
  const text = (name: string) => textIn(node, name)
  const name = text(ATTR_GEN_AI_REQUEST_MODEL) ?? text(ATTR_GEN_AI_RESPONSE_MODEL) ?? 'unknown'
  const parent = span.parentSpanId && hexId(span.parentSpanId, 16)
  const runs = node.children.filter(child => countsOf(child) !== undefined).length
  return {
    ...counts,
    line,
    traceId: hexId(span.traceId, 32),
    ids: [text(ATTR_GEN_AI_RESPONSE_ID), text(REQUEST_ID), parent].flatMap(id => id || []),
    at: Number(BigInt(span.startTimeUnixNano ?? 0) / 1_000_000n),
    model: modelKey(name),
    name,
    tier: undefined,
    runs: Math.max(counts.runs, runs),
  }
}

/** The value from the request, or from the first run below it that has one. */
function textIn({ attributes, children }: Node, name: string): string | undefined {
  const value = attributes[name]
  if (typeof value === 'string' && value !== '') return value
  for (const child of children) {
    const found = textIn(child, name)
    if (found !== undefined) return found
  }
  return undefined
}
