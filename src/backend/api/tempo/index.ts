// Tempo's HTTP API, https://grafana.com/docs/tempo/latest/api_docs/, with the behaviour of Tempo 3.

import { type Context, Hono } from 'hono'
import { tenantOf } from '../../../shared/queries/tenants'
import { retention, type TraceTier } from '../../../shared/tiers'
import { version } from '../../../shared/version'
import type { QueryParams } from '../../request-parameters'
import { paramsOf } from '../parameters'
import type { Parts } from '../parts'
import { forRequest } from '../request-deadline'
import { ofTier, onlyTier, summaryOf, tiersFrom } from '../tiers'
import { storedTrace } from './document'
import { jsonAnswer } from './json-answer'
import { instantMetrics, rangeMetrics } from './metrics'
import { searchAnswer } from './search'
import { searchRequest } from './search-request'
import { spansOfTrace } from './spans-of-trace'
import { tagValues } from './tag-values'
import { tags } from './tags'
import { answerV1, answerV2, traceIdIn } from './trace'

export function tempoRoutes(parts: Parts): Hono {
  const app = new Hono()
  const partsOf = (c: Context) => forRequest(parts, c)
  const seen = (c: Context) => {
    const conditions = [
      ofTier(tierOfTenant(c.req.header('x-scope-orgid')), parts.policies),
      onlyTier(paramsOf(c), parts.policies),
    ]
    return conditions.filter(Boolean).join(' AND ') || undefined
  }
  app.get('/ready', async ({ text }) => {
    try {
      await parts.store.checkReady()
      return text('ready\n')
    } catch (error) {
      return text(`not ready: ${(error as Error).message}\n`, 503)
    }
  })
  app.get('/api/echo', ({ text }) => text('echo\n'))
  // Grafana checks the build info before it streams; `afn-otel doctor` checks it to identify the server.
  const build = { version, revision: '', branch: '', buildUser: '', buildDate: '', goVersion: '', product: 'afn-otel' }
  for (const path of ['/api/status/buildinfo', '/status/buildinfo']) app.get(path, ({ json }) => json(build))
  app.get('/status/version', ({ text }) => text(`afn-otel, version ${version}\n`))

  const traceOf = async (c: Context, query?: string) => {
    const id = traceIdIn(c.req.param('id') ?? '')
    const ofRequest = partsOf(c)
    const only = query ? await spansOfTrace(ofRequest.store, id, query) : undefined
    return (await isSeen(ofRequest, c, id)) ? storedTrace(ofRequest.store, id, only) : undefined
  }
  app.get('/api/traces/:id', async c => answerV1(c.req.header('accept'), await traceOf(c)))
  app.get('/api/v2/traces/:id', async c => {
    const query = c.req.query('q') || undefined
    return answerV2(c.req.header('accept'), await traceOf(c, query), query !== undefined)
  })

  app.get('/api/search', async c =>
    jsonAnswer(
      c,
      paramsOf(c),
      'traces',
      await searchAnswer(partsOf(c), { ...searchRequest(paramsOf(c)), restriction: seen(c) }),
    ),
  )
  app.get('/api/metrics/query_range', async c =>
    jsonAnswer(c, paramsOf(c), 'series', await rangeMetrics(partsOf(c), paramsOf(c), seen(c))),
  )
  app.get('/api/metrics/query', async c =>
    jsonAnswer(c, paramsOf(c), 'series', await instantMetrics(partsOf(c), paramsOf(c), seen(c))),
  )

  app.get('/api/search/tags', async c => {
    const { scopes = [] } = await tags(partsOf(c).store, unfiltered(paramsOf(c)), seen(c))
    const names = scopes.filter(({ name }) => name !== 'intrinsic').flatMap(({ tags = [] }) => tags)
    return c.json({ tagNames: [...new Set(names)].sort(), metrics: {} })
  })
  app.get('/api/v2/search/tags', async c =>
    c.json({ ...(await tags(partsOf(c).store, paramsOf(c), seen(c))), metrics: {} }),
  )
  app.get('/api/search/tag/:tag/values', async c => {
    const tag = c.req.param('tag')
    const { tagValues: values = [] } = await tagValues(
      partsOf(c).store,
      olderIntrinsics.has(tag) ? tag : `.${tag}`,
      unfiltered(paramsOf(c)),
      seen(c),
    )
    return c.json({ tagValues: values.map(({ value }) => value), metrics: {} })
  })
  app.get('/api/v2/search/tag/:tag/values', async c =>
    c.json({ ...(await tagValues(partsOf(c).store, c.req.param('tag'), paramsOf(c), seen(c))), metrics: {} }),
  )
  return app
}

/** Checks that the tenant's tier includes the trace. */
async function isSeen(parts: Parts, { req }: Context, traceId: string): Promise<boolean> {
  const tier = tierOfTenant(req.header('x-scope-orgid'))
  if (tier === 'detailed') return true
  const trace = await summaryOf(parts, traceId)
  return trace !== undefined && tiersFrom(tier).includes(trace.tier)
}

/** The names that routes older than TraceQL treat as intrinsics; all others are attributes. */
const olderIntrinsics: ReadonlySet<string> = new Set(['name', 'rootName', 'rootServiceName'])

/** These routes have no `q`. */
const unfiltered =
  (params: QueryParams): QueryParams =>
  name =>
    name === 'q' ? undefined : params(name)

const tiers = Object.keys(retention.traces) as TraceTier[]

/**
 * Determines which traces a request may see, from the Tempo tenants that it names.
 * @param header `X-Scope-OrgID`, such as `afn-sampled|afn-errors`
 * @returns the lowest named tier, because each tier includes the higher ones; `detailed` includes all traces
 */
function tierOfTenant(header: string | undefined): TraceTier {
  const tenants = header?.split('|') ?? []
  return tiers.find(tier => tenants.includes(tenantOf(tier))) ?? 'detailed'
}
