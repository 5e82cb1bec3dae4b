// Makes spans, some of them calls with prompts, until its parent says `stop`; then it flushes, and tells which it made, by what
// is given up first (src/app/sdk/overload.ts), and its largest memory.
const { trace, SpanKind, SpanStatusCode, ROOT_CONTEXT } = require('@opentelemetry/api')

const { FLUSH_BY, PROMPT_BYTES = 2_000, RATE = 100 } = process.env
const ours = FLUSH_BY && require(FLUSH_BY)
const tracer = trace.getTracer('outage')
const request = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1 }
const inside = trace.setSpanContext(ROOT_CONTEXT, request)

const call = n => ({
  kind: SpanKind.CLIENT,
  attributes: {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': 'gpt-4.1',
    'gen_ai.usage.input_tokens': 12,
    'gen_ai.input.messages': JSON.stringify([
      { role: 'user', parts: [{ type: 'text', content: `question ${n} `.repeat(PROMPT_BYTES / 14) }] },
    ]),
  },
})

/** The rank, and a span of it: of ten four are calls. */
function make(n) {
  if (n % 10 < 4) return [2, tracer.startSpan('chat', call(n), inside)]
  if (n % 10 < 6)
    return [1, tracer.startSpan('GET /chat', { kind: SpanKind.SERVER, attributes: { 'http.route': '/chat' } })]
  if (n % 10 < 9) return [0, tracer.startSpan('middleware', { attributes: { step: n } }, inside)]
  return [3, tracer.startSpan('charge', { kind: SpanKind.CLIENT }).setStatus({ code: SpanStatusCode.ERROR })]
}

const made = [[], [], [], []]
let n = 0
const begun = performance.now()
const { rss } = process.memoryUsage()
let peak = rss
const load = setInterval(() => {
  // as many as are due, since a busy machine fires fewer timers; but not all at once after a standstill of it
  const due = Math.min(n + RATE / 20, ((performance.now() - begun) * RATE) / 1_000)
  for (; n < due; n++) {
    const [rank, span] = make(n)
    span.end()
    made[rank].push(span.spanContext().spanId)
  }
  peak = Math.max(peak, process.memoryUsage().rss)
}, 10)

process.on('message', async () => {
  clearInterval(load)
  if (ours) await ours.flush(60_000)
  else
    await trace
      .getTracerProvider()
      .getDelegate()
      .forceFlush()
      .catch(() => {})
  process.send({ made, grownBytes: peak - rss, exported: ours?.status().exported })
})
process.on('disconnect', () => process.exit())
