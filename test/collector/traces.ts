// Traces that lie on, beside and between the bounds of every policy, the same ones in every
// run.
import type { Random } from '../support/random'

interface OtlpAttribute {
  key: string
  value: Record<string, unknown>
}

export interface OtlpSpan {
  traceId: string
  spanId: string
  parentSpanId?: string
  name: string
  kind: number
  startTimeUnixNano: string
  endTimeUnixNano: string
  status: { code: number }
  attributes: OtlpAttribute[]
  events: { name: string; timeUnixNano: string; attributes: OtlpAttribute[] }[]
}

const [INTERNAL, SERVER, CLIENT, PRODUCER] = [1, 2, 3, 4] as const
const epoch = 1_790_000_000_000_000_000n

const int = (value: number) => ({ intValue: String(value) })
const double = (value: number) => ({ doubleValue: value })
const text = (value: string) => ({ stringValue: value })
const bool = (value: boolean) => ({ boolValue: value })
const exception = (): OtlpSpan['events'][number] => ({ name: 'exception', timeUnixNano: `${epoch}`, attributes: [] })

const costs = [
  double(0.5),
  double(0.500001),
  double(0.499),
  int(0),
  int(1),
  double(2),
  text('0.9'),
  { doubleValue: 'NaN' },
]
const scores = [double(0.7), double(0.699999), double(0.71), int(0), int(1), double(0.2), text('0.1'), bool(false)]
const guardrails = [bool(true), bool(false), text('true'), int(1)]
const statuses = [399, 400, 404, 429, 499, 500, 503]
const statusKeys = ['http.response.status_code', 'http.status_code']
const ends = [2_000_000_000n, 2_000_999_999n, 2_001_000_000n, 1_999_999_999n, 7_000_000_000n]
const pathKeys = ['url.path', 'http.route', 'http.target']
const healthPaths = ['/health', '/health/ready', '/healthz', '/livez', '/readyz', '/api/health', '/health?full=1']
const otherPaths = ['/healthy', '/users/health', '/api/healthz', '/chat', '/']

type Twist = (span: OtlpSpan, random: Random) => void

const set = (span: OtlpSpan, key: string, value: Record<string, unknown>): void => {
  span.attributes = [...span.attributes.filter(attribute => attribute.key !== key), { key, value }]
}

/** The evaluator's own number, and half of the time the one that is mapped to 0..1, which then is the one that counts. */
const score = (random: Random): OtlpAttribute[] =>
  ['gen_ai.evaluation.score.value', 'afn.llm.evaluation.score.normalized']
    .slice(0, random.pick([1, 2]))
    .map(key => ({ key, value: random.pick(scores) }))

/** One thing each that a policy looks at, or must not be taken in by. */
const twists: readonly Twist[] = [
  span => {
    span.status.code = 2
  },
  span => void span.events.push(exception()),
  span => set(span, 'error.type', text('timeout')),
  (span, random) => {
    // A refused or failed request, of either kind, its status in whatever type an instrumentation sends it in.
    const status = random.pick(statuses)
    span.kind = random.pick([CLIENT, CLIENT, SERVER])
    set(span, random.pick(statusKeys), random.pick([int, int, double, (n: number) => text(String(n))])(status))
    if (random.chance(0.8)) span.status.code = 2
    if (random.chance(0.3)) span.events.push(exception())
  },
  (span, random) => {
    span.endTimeUnixNano = String(epoch + random.pick(ends))
  },
  (span, random) => set(span, 'afn.llm.cost.total', random.pick(costs)),
  (span, random) => {
    for (const { key, value } of score(random)) set(span, key, value)
  },
  (span, random) => {
    span.events.push({ name: 'gen_ai.evaluation.result', timeUnixNano: `${epoch}`, attributes: score(random) })
  },
  (span, random) => set(span, 'afn.llm.guardrail.triggered', random.pick(guardrails)),
  (span, random) => set(span, 'afn.exception.logged', random.pick(guardrails)),
]

/** One trace: a root, children under it, and none to three twists, each on a span of its own choice. */
export function trace(random: Random): OtlpSpan[] {
  const span = newSpan(random)
  const spans = random.chance(0.25) ? healthCheck(span, random) : request(span, random)
  for (let n = random.pick([0, 0, 1, 1, 2, 3]); n > 0; n--) random.pick(twists)(random.pick(spans), random)
  return spans
}

type NewSpan = (kind: number, parentSpanId?: string) => OtlpSpan

/** What makes the spans of one trace. */
function newSpan(random: Random): NewSpan {
  const traceId = random.hex(32)
  return (kind, parentSpanId) => ({
    traceId,
    spanId: random.hex(16),
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    name: 'work',
    kind,
    startTimeUnixNano: String(epoch),
    endTimeUnixNano: String(epoch + 50_000_000n),
    status: { code: random.pick([0, 1]) },
    attributes: [],
    events: [],
  })
}

function request(span: NewSpan, random: Random): OtlpSpan[] {
  const root = span(random.pick([INTERNAL, SERVER, SERVER, CLIENT, PRODUCER, 0]))
  if (root.kind === SERVER) set(root, random.pick(pathKeys), text(random.pick(otherPaths)))
  // Its parent may be in a browser, which sends to another Collector or not at all.
  if (random.chance(0.15)) root.parentSpanId = random.hex(16)
  const children = Array.from({ length: random.below(6) }, () => span(random.pick([INTERNAL, CLIENT]), root.spanId))
  // Slow as a whole, though no span is slow.
  const last = children.at(-1)
  if (last && random.chance(0.1)) {
    last.startTimeUnixNano = String(epoch + 1_900_000_000n)
    last.endTimeUnixNano = String(epoch + random.pick(ends.slice(0, 3)))
  }
  return [root, ...children]
}

/** A health check, or what looks like one. */
function healthCheck(span: NewSpan, random: Random): OtlpSpan[] {
  const prober = random.chance(0.3) ? span(random.pick([CLIENT, CLIENT, INTERNAL])) : undefined
  const server = span(SERVER, prober?.spanId)
  set(server, random.pick(pathKeys), text(random.pick(random.chance(0.8) ? healthPaths : otherPaths)))
  if (random.chance(0.4)) server.endTimeUnixNano = String(epoch + 3_000_000_000n)
  const checks = Array.from({ length: random.below(3) }, () => span(CLIENT, server.spanId))
  const other = span(SERVER, server.spanId)
  set(other, 'url.path', text('/chat'))
  return [...(prober ? [prober] : []), server, ...checks, ...(random.chance(0.15) ? [other] : [])]
}

/** What may come after the decision. */
export const lateSpans = ['a span', 'a span after an error', 'the root after an error', 'a failed span'] as const

/** A trace whose last span is late. */
export function lateTrace(random: Random, kind: (typeof lateSpans)[number]): { early: OtlpSpan[]; late: OtlpSpan[] } {
  const span = newSpan(random)
  const root = span(SERVER)
  const [first, second, last] = [span(INTERNAL, root.spanId), span(CLIENT, root.spanId), span(INTERNAL, root.spanId)]
  if (kind !== 'a span') (kind === 'a failed span' ? last : second).status.code = 2
  return kind === 'the root after an error'
    ? { early: [first, second, last], late: [root] }
    : { early: [root, first, second], late: [last] }
}

/** The same trace at another time, in nanoseconds. */
export function movedTo(time: bigint, spans: readonly OtlpSpan[]): OtlpSpan[] {
  const moved = (nanoseconds: string) => String(BigInt(nanoseconds) - epoch + time)
  return spans.map(span => ({
    ...span,
    startTimeUnixNano: moved(span.startTimeUnixNano),
    endTimeUnixNano: moved(span.endTimeUnixNano),
    events: span.events.map(event => ({ ...event, timeUnixNano: moved(event.timeUnixNano) })),
  }))
}

/** An export request with these spans. */
export const exportRequest = (spans: readonly OtlpSpan[]) => ({
  resourceSpans: [
    {
      resource: { attributes: [{ key: 'service.name', value: text('funnel') }] },
      scopeSpans: [{ scope: { name: 'funnel' }, spans }],
    },
  ],
})
