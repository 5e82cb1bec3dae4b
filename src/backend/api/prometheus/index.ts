/** Prometheus' HTTP API for queries, https://prometheus.io/docs/prometheus/latest/querying/api/, over the metric points of the store. */
import { type Context, Hono, type HonoRequest } from 'hono'
import { reasonOf } from '../../../shared/queries/http'
import { Refused } from '../../body'
import { answerInstant, answerRange, type PromqlAnswer } from '../../promql/answer-query'
import { PromqlError } from '../../promql/error'
import { compareLabels, compareTexts, type Labels } from '../../promql/labels'
import { agentCallCounters } from '../../promql/points/agent-counts'
import { expressionsOf } from '../../promql/points/expressions'
import { Families } from '../../promql/points/families'
import { PointSource } from '../../promql/points/point-source'
import { RecordSource } from '../../promql/points/record-source'
import { Sources } from '../../promql/points/sources'
import { SpanCounts } from '../../promql/points/span-counts'
import { cancellable } from '../../store/store'
import type { Parts } from '../parts'
import { endOf, MOST_MS } from '../request-deadline'
import { requestText } from '../request-text'
import { durationIn, gridIn, limitIn, selectorsIn, timeIn } from './parameters'

/** The version whose answers these are. */
const PROMETHEUS = '3.16.0'
const TRUNCATED = 'results truncated due to limit'
/** Bytes of a form. */
const LONGEST_FORM = 2 ** 18

export function prometheusRoutes({ store, now, alerts, prometheus }: Parts): Hono {
  const app = new Hono()
  if (prometheus !== undefined) return proxied(app, prometheus)
  const both = (
    path: string,
    answer: (c: Context, parameters: URLSearchParams, signal: AbortSignal) => Promise<Response>,
  ) =>
    app.on(['GET', 'POST'], path, async c => {
      const parameters = await parametersOf(c)
      const timeout = durationIn(parameters, 'timeout') ?? MOST_MS
      return answer(c, parameters, endOf(c.req.raw.signal, Math.min(timeout, MOST_MS)))
    })
  // all requests share the families, so the end of one request must not cancel the reading of them
  const families = new Families(store.shared)
  const sourceOf = (signal: AbortSignal) => {
    const own = cancellable(store, signal)
    const expressions = expressionsOf(own)
    const all = [
      new PointSource(own, families, expressions),
      new SpanCounts(own, expressions),
      new SpanCounts(own, expressions, agentCallCounters, true),
      new RecordSource(alerts.recorded, expressions),
    ]
    return new Sources(all, expressions)
  }
  const questionOf = (parameters: URLSearchParams, signal: AbortSignal) => ({
    query: parameters.get('query') ?? '',
    source: sourceOf(signal),
    signal,
  })
  both('/query', async (c, parameters, signal) => {
    const time = timeIn(parameters, 'time', now())
    return resultOf(c, parameters, await answerInstant(questionOf(parameters, signal), time))
  })
  both('/query_range', async (c, parameters, signal) => {
    const { grid, end } = gridIn(parameters)
    return resultOf(c, parameters, await answerRange(questionOf(parameters, signal), grid, end))
  })
  const labelSets = async (parameters: URLSearchParams, signal: AbortSignal): Promise<Labels[]> => {
    const from = timeIn(parameters, 'start', 0)
    const to = timeIn(parameters, 'end', Number.MAX_SAFE_INTEGER)
    const source = sourceOf(signal)
    const selectors = selectorsIn(parameters)
    const found = await Promise.all(
      (selectors.length > 0 ? selectors : [[]]).map(matchers => source.labels(matchers, from - 1, to)),
    )
    return [...new Map(found.flat().map(labels => [labels.key, labels])).values()].sort(compareLabels)
  }
  both('/series', async (c, parameters, signal) => {
    if (!parameters.has('match[]')) throw new PromqlError('bad_data', 'no match[] parameter provided')
    const sets = await labelSets(parameters, signal)
    return listed(
      c,
      parameters,
      sets.map(({ pairs }) => Object.fromEntries(pairs)),
    )
  })
  both('/labels', async (c, parameters, signal) => {
    const sets = await labelSets(parameters, signal)
    return listed(c, parameters, distinct(sets.flatMap(({ pairs }) => pairs.map(([name]) => name))))
  })
  // Grafana decides by the version which queries it may send
  app.get('/status/buildinfo', c =>
    c.json({
      status: 'success',
      data: { version: PROMETHEUS, revision: '', branch: '', buildUser: '', buildDate: '', goVersion: '' },
    }),
  )
  app.get('/label/:name/values', async c => {
    const parameters = await parametersOf(c)
    const sets = await labelSets(parameters, endOf(c.req.raw.signal))
    const values = sets.map(labels => labels.get(c.req.param('name'))).filter(Boolean)
    return listed(c, parameters, distinct(values))
  })
  return app
}

/** Routes that read; none that changes something in that Prometheus. */
const readable = [
  '/query',
  '/query_range',
  '/query_exemplars',
  '/labels',
  '/label/:name/values',
  '/series',
  '/metadata',
  '/status/buildinfo',
]

/** The Prometheus next to `up` answers: it has the same points, and records, alerts and exemplars as well. */
function proxied(app: Hono, prometheus: string): Hono {
  return app.on(['GET', 'POST'], readable, async ({ req }) => {
    const { pathname, search } = new URL(req.url)
    const isForm = req.method === 'POST'
    try {
      const answer = await fetch(prometheus.replace(/\/$/, '') + pathname + search, {
        method: req.method,
        ...(isForm && { body: await formOf(req), headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
        signal: endOf(req.raw.signal),
      })
      const type = answer.headers.get('content-type') ?? 'application/json'
      return new Response(answer.body, { status: answer.status, headers: { 'content-type': type } })
    } catch (error) {
      if (error instanceof Refused) throw error
      throw new Refused(503, `the Prometheus of afn-otel up is not responding (${reasonOf(error)})`)
    }
  })
}

const distinct = (texts: readonly string[]): string[] => [...new Set(texts)].sort(compareTexts)

function listed(c: Context, parameters: URLSearchParams, data: readonly unknown[]): Response {
  const limit = limitIn(parameters)
  if (limit === 0 || data.length <= limit) return c.json({ status: 'success', data })
  return c.json({ status: 'success', data: data.slice(0, limit), warnings: [TRUNCATED] })
}

async function parametersOf({ req }: Context): Promise<URLSearchParams> {
  const parameters = new URL(req.url).searchParams
  if (req.method !== 'POST') return parameters
  // a parameter in the body comes first
  return new URLSearchParams([...new URLSearchParams(await formOf(req)), ...parameters])
}

const formOf = (req: HonoRequest): Promise<string> => requestText(req, LONGEST_FORM)

function resultOf(c: Context, parameters: URLSearchParams, { data, warnings, infos }: PromqlAnswer): Response {
  const limit = limitIn(parameters)
  const isCut =
    limit > 0 && (data.resultType === 'vector' || data.resultType === 'matrix') && data.result.length > limit
  const shown = isCut ? { ...data, result: data.result.slice(0, limit) } : data
  const all = isCut ? [...warnings, TRUNCATED] : warnings
  return c.json({
    status: 'success',
    data: shown,
    ...(all.length > 0 && { warnings: all }),
    ...(infos.length > 0 && { infos }),
  })
}

const statuses = { bad_data: 400, execution: 422, canceled: 499, timeout: 503 } as const

/** What Prometheus calls an error, by the status that the other routes answer it with. */
const types: Readonly<Record<number, { readonly errorType: string; readonly status?: number }>> = {
  400: { errorType: 'bad_data' },
  404: { errorType: 'not_found' },
  499: { errorType: 'canceled' },
  500: { errorType: 'internal' },
  503: { errorType: 'unavailable' },
  504: { errorType: 'timeout', status: 503 },
}

/** @param refusal what any other route would answer */
export function prometheusError(
  error: Error,
  refusal: { readonly status: number; readonly message: string },
): {
  readonly status: number
  readonly body: object
} {
  if (error instanceof PromqlError)
    return { status: statuses[error.type], body: { status: 'error', errorType: error.type, error: error.message } }
  const { errorType, status = refusal.status } = types[refusal.status] ?? { errorType: 'bad_data' }
  return { status, body: { status: 'error', errorType, error: refusal.message } }
}
