// Holds what ours exports of a batch, and what its clients saw, against stock OpenTelemetry and against the bare apps.
import type { ReceivedMetric, ReceivedSpan } from '../../support/receiver'
import { reasonFor } from './explained'
import type { App } from './model'
import { type Answer, idOf, type Mode, type Outcome, parentOf } from './run'

export interface Difference {
  /** Of the batch; absent where it is of the process. */
  readonly app?: App
  readonly request?: number
  /** What differs: a field of a span, or something else with a name. */
  readonly field: string
  readonly expected: string
  readonly got: string
}

export interface Verdict {
  readonly requests: number
  readonly differences: readonly Difference[]
  readonly explained: ReadonlyMap<string, number>
}

export type Outcomes = Record<Mode, Outcome>

/** All that is known of one request, for who has to say why a difference is right. */
export interface Case {
  readonly app: App
  readonly request: App['requests'][number]
  readonly id: string
  readonly bare: Answer
  readonly withStock: Answer
  readonly stock: ReceivedSpan | undefined
  readonly ours: ReceivedSpan | undefined
  /** What the app threw while it served the request. */
  readonly thrown: readonly (readonly [type: string | null, message: string | null])[]
  /** What stock's spans of the request have recorded. */
  readonly recorded: readonly Exception[]
  /** What our spans below the server's have. */
  readonly ownBelow: readonly Exception[]
  /** Which route answered, where the framework's own word is the oracle. */
  readonly route: string | undefined
}

export interface Exception {
  readonly type: unknown
  readonly message: unknown
  readonly stack: string
}

export function compare(apps: readonly App[], { bare, stock, ours }: Outcomes): Verdict {
  const differences: Difference[] = []
  const explained = new Map<string, number>()
  let requests = 0
  const add = (difference: Difference, one?: Case) => {
    const reason = reasonFor(difference, one)
    if (reason === undefined) differences.push(difference)
    else explained.set(reason, (explained.get(reason) ?? 0) + 1)
  }

  for (const [at, app] of apps.entries()) {
    if (typeof bare.built[at] === 'string') {
      if (ours.built[at] !== bare.built[at])
        add({ app, field: 'built', expected: String(bare.built[at]), got: String(ours.built[at]) })
      continue
    }
    for (const [n, request] of app.requests.entries()) {
      for (const id of [idOf(at, n), `${idOf(at, n)}.self`]) {
        const answer = bare.answers.get(id) ?? {}
        if (id.endsWith('.self') && !stock.servers.has(id) && !ours.servers.has(id)) continue
        requests++
        const [theirs, own] = [stock.servers.get(id) ?? [], ours.servers.get(id) ?? []]
        const trace = theirs.length > 0 ? stock.traces.get(theirs[0]!.traceId)! : []
        const ownTrace = own.length > 0 ? ours.traces.get(own[0]!.traceId)! : []
        const one: Case = {
          app,
          request,
          id,
          bare: answer,
          withStock: stock.answers.get(id) ?? {},
          stock: theirs[0],
          ours: own[0],
          thrown: bare.thrown.get(id) ?? [],
          recorded: trace.filter(({ kind }) => kind === 2).length > 1 ? [] : trace.flatMap(exceptionsOf),
          ownBelow: ownTrace.filter(({ kind }) => kind !== 2).flatMap(exceptionsOf),
          route: bare.routes.get(id),
        }
        const differ = (field: string, expected: unknown, got: unknown) =>
          add({ app, request: n, field, expected: text(expected), got: text(got) }, one)

        if (text(ours.answers.get(id) ?? {}) !== text(answer)) differ('answer', answer, ours.answers.get(id))
        if (theirs.length !== own.length) differ('server spans', theirs.length, own.length)
        else if (theirs.length === 1) {
          const parent = !id.endsWith('.self') && request.hasParent ? parentOf(at, n) : undefined
          compareSpans(one, parent, differ)
        }
      }
    }
  }
  for (const difference of compareProcess({ bare, stock, ours })) add(difference)
  return { requests, differences, explained }
}

/** What is not of one request. */
export function compareProcess({ bare, stock, ours }: Outcomes): Difference[] {
  return [...compareOutput(bare, ours), ...compareMetrics(stock, ours)]
}

export function compareOutput(bare: Outcome, ours: Outcome): Difference[] {
  const lists: [field: string, expected: readonly string[], got: readonly string[]][] = [
    ['exit', [String(bare.code)], [String(ours.code)]],
    ['uncaught', bare.uncaught, ours.uncaught],
    ['stderr', linesOf(bare.stderr), linesOf(ours.stderr)],
    ['stdout', linesOf(bare.stdout), linesOf(ours.stdout)],
  ]
  return lists.flatMap(([field, expected, got]) => {
    const [missing, more] = onlyIn(expected, got)
    return [
      ...missing.map(line => ({ field, expected: text(line), got: 'undefined' })),
      ...more.map(line => ({ field, expected: 'undefined', got: text(line) })),
    ]
  })
}

function compareMetrics(stock: Outcome, ours: Outcome): Difference[] {
  const [theirs, own] = [uncounted(stock), uncounted(ours)]
  return [...new Set([...theirs.keys(), ...own.keys()])]
    .filter(series => theirs.get(series) !== own.get(series))
    .map(series => ({
      field: 'metric',
      expected: `${series}: ${theirs.get(series) ?? 0} more than spans`,
      got: `${own.get(series) ?? 0} more than spans`,
    }))
}

const text = (value: unknown) => JSON.stringify(value) ?? 'undefined'

function compareSpans(
  one: Case,
  parent: { traceId: string; spanId: string } | undefined,
  differ: (field: string, expected: unknown, got: unknown) => void,
): void {
  const [stock, ours] = [one.stock!, one.ours!]
  const isHono = one.app.framework === 'hono'
  const route = isHono ? one.route : stock.attributes['http.route']
  const method = String(stock.attributes['http.request.method'])
  const expected = {
    ...stock.attributes,
    'http.route': route,
    'network.peer.port': ours.attributes['network.peer.port'],
  } as Record<string, unknown>
  for (const name of new Set([...Object.keys(expected), ...Object.keys(ours.attributes)]))
    if (text(expected[name]) !== text(ours.attributes[name])) differ(name, expected[name], ours.attributes[name])
  // a name follows from the route: a wrong route is one difference
  const nameOf = (of: unknown, otherwise: string) => (of ? `${method} ${of}` : otherwise)
  const own = ours.attributes['http.route']
  const name = isHono ? nameOf(own, method) : own === route ? stock.name : nameOf(own, method)
  if (ours.name !== name) differ('name', name, ours.name)
  if (stock.scope !== ours.scope) differ('scope', stock.scope, ours.scope)
  if (stock.status.code !== ours.status.code) differ('status', stock.status, ours.status)
  if (stock.flags !== ours.flags) differ('flags', stock.flags, ours.flags)
  const above = parent ?? { traceId: ours.traceId, spanId: '' }
  if (!one.id.endsWith('.self') && (ours.traceId !== above.traceId || ours.parentSpanId !== above.spanId))
    differ('parent', above, { traceId: ours.traceId, spanId: ours.parentSpanId })
  compareExceptions(one, stock, ours, differ)
}

function exceptionsOf({ events }: ReceivedSpan): Exception[] {
  return events
    .filter(({ name }) => name === 'exception')
    .map(({ attributes }) => ({
      type: attributes['exception.type'],
      message: attributes['exception.message'],
      stack: String(attributes['exception.stacktrace'] ?? ''),
    }))
}

/** What made a request fail stands once on its server span, as an event and as the status; what is dealt with does not. */
function compareExceptions(
  { thrown, recorded, app }: Case,
  stock: ReceivedSpan,
  ours: ReceivedSpan,
  differ: (field: string, expected: unknown, got: unknown) => void,
): void {
  const own = exceptionsOf(ours)
  const brief = (list: readonly Exception[]) => list.map(({ type, message }) => [type, message])
  if (ours.status.code !== 2) {
    if (own.length > 0) differ('exception of what did not fail', [], brief(own))
    return
  }
  const candidates = [...brief(recorded), ...thrown].map(text)
  const isKnown = recorded.length > 0 || (app.framework === 'hono' && thrown.length > 0)
  if (own.length > 1 || (own.length === 0 && isKnown)) differ('exception', candidates, brief(own))
  else if (own.length === 1) {
    if (!brief(own).some(one => candidates.includes(text(one)))) differ('exception', candidates, brief(own))
    // an app may throw several that read alike
    const same = recorded.filter(({ type, message }) => type === own[0]!.type && message === own[0]!.message)
    const top = (stack: string) =>
      stack
        .split('\n')
        .slice(0, 2)
        .join('\n')
        .replaceAll(/batch-[\d-]+/g, 'batch')
    const stacks = same.map(({ stack }) => top(stack))
    if (same.length > 0 && !stacks.includes(top(own[0]!.stack))) differ('stack', stacks, top(own[0]!.stack))
  }
  const messages = ['', stock.status.message, ...own.map(({ message }) => message)]
  if (!messages.includes(ours.status.message) || (stock.status.message && !ours.status.message))
    differ('status message', stock.status.message, ours.status.message)
}

/** Series of `http.server.request.duration`, with how many more they count than there are spans of them. */
function uncounted({ servers, metrics }: Outcome): Map<string, number> {
  const counts = new Map<string, number>()
  for (const span of [...servers.values()].flat()) {
    const { attributes: a } = span
    const status = a['http.response.status_code']
    // of what was answered a series has the status, also where the span has more
    const failed = status === undefined ? a['error.type'] : Number(status) >= 500 ? String(status) : undefined
    const series = seriesText({
      'http.request.method': a['http.request.method'],
      'url.scheme': a['url.scheme'],
      'network.protocol.version': a['network.protocol.version'],
      'http.route': a['http.route'],
      'http.response.status_code': status,
      'error.type': failed,
    })
    counts.set(series, (counts.get(series) ?? 0) - 1)
  }
  const last = new Map<string, number>()
  for (const { points } of metrics.filter(isDuration))
    for (const { attributes, count } of points) last.set(seriesText(attributes), count)
  for (const [series, count] of last) counts.set(series, (counts.get(series) ?? 0) + count)
  return new Map([...counts].filter(([, count]) => count !== 0))
}

const isDuration = ({ name }: ReceivedMetric) => name === 'http.server.request.duration'

const seriesText = (attributes: Record<string, unknown>) =>
  Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${value}`)
    .join(' ')

/** What each list has more of than the other one. */
function onlyIn(one: readonly string[], other: readonly string[]): [string[], string[]] {
  const rest = [...other]
  const more = one.filter(line => {
    const at = rest.indexOf(line)
    if (at >= 0) rest.splice(at, 1)
    return at < 0
  })
  return [more, rest]
}

/** Without process ids and stacks; apps run at the same time. */
const linesOf = (output: string) =>
  output
    .split('\n')
    .filter(line => !/^\s+(at |... \d+ lines matching cause)/.test(line))
    .map(line => line.replace(/\(node:\d+\)/, '(node)').replaceAll(/batch-[\d-]+/g, 'batch'))
