// `get-span`: one span in full, or one of its attributes piece by piece.
import { plainAttributes } from '../../../shared/otlp/any-value'
import { hexId, statusCode } from '../../../shared/otlp/trace'
import { callOf, durationMs, errorOf, spanIdOf, startNs, type TreeSpan } from '../span-facts'
import { numberOf, offsetArgument, string, type Tool, ToolError, textOf, traceIdArgument } from '../tool'
import { isoOf } from '../window'
import { readTrace } from './get-trace'

/** Characters per piece of a long text. Even if every character is escaped, the answer stays below its limit. */
const PIECE = 3_000

export const getSpan: Tool = {
  name: 'get-span',
  title: 'Read a span',
  description: `Reads one span of a trace: attributes, events, links. Prompts and answers are in gen_ai.input.messages and gen_ai.output.messages where
the app records content (AFN_CAPTURE_CONTENT), masked as they were stored. With attribute: that attribute alone, ${PIECE} characters of it
from offset on.`,
  input: {
    type: 'object',
    properties: {
      trace_id: traceIdArgument,
      span_id: string('The span id, in up to 16 hexadecimal digits.', { pattern: '^[0-9a-fA-F]{1,16}$' }),
      attribute: string('Key of the attribute to read as a text, such as gen_ai.input.messages.'),
      offset: offsetArgument,
    },
    required: ['trace_id', 'span_id'],
  },
  async run(args, { backend }) {
    const [trace, span] = [textOf(args, 'trace_id')!, textOf(args, 'span_id')!]
    const wanted = span.toLowerCase().padStart(16, '0')
    const { spans } = await readTrace(backend, trace, `{ span:id = "${wanted}" }`)
    const found = spans.find(({ node }) => spanIdOf(node) === wanted)
    if (!found) throw new ToolError(`The trace ${trace} has no span ${span}; get-trace lists its spans.`)
    const key = textOf(args, 'attribute')
    const offset = numberOf(args, 'offset', 0)
    return key === undefined ? wholeSpan(found, offset) : pieceOf(found, key, offset)
  },
}

function wholeSpan({ node, attributes }: TreeSpan, offset: number) {
  const call = callOf(node, attributes)
  const parts = [
    ...Object.entries(attributes).map(([key, value]) => ({ attribute: key, value })),
    ...(node.events ?? []).map(({ name, timeUnixNano, attributes }) => ({
      event: name,
      time: isoOf(Number(timeUnixNano ?? 0) / 1e6),
      attributes: plainAttributes(attributes),
    })),
    ...(node.links ?? []).map(({ traceId, spanId, attributes }) => ({
      link: { trace_id: traceId, span_id: spanId },
      attributes: plainAttributes(attributes),
    })),
  ]
  return {
    facts: {
      span_id: spanIdOf(node),
      name: node.name,
      service: node.service,
      parent_span_id: node.parentSpanId ? hexId(node.parentSpanId, 16) : undefined,
      start: isoOf(Number(startNs(node) / 1_000_000n)),
      duration_ms: durationMs(node),
      status: statusCode(node.status?.code),
      ...errorOf(node, attributes),
      ...(call && { llm: call }),
    },
    list: { name: 'parts', items: parts.slice(offset), offset, total: parts.length },
  }
}

function pieceOf({ attributes }: TreeSpan, key: string, offset: number) {
  const value = Object.hasOwn(attributes, key) ? attributes[key] : undefined
  if (value === undefined)
    throw new ToolError(`The span has no attribute "${key}"; get-span without attribute lists them.`)
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const end = Math.min(text.length, offset + PIECE)
  return {
    facts: {
      attribute: key,
      text: text.slice(offset, end),
      offset,
      characters: text.length,
      next_offset: end < text.length ? end : null,
    },
  }
}
