// Our own routes, which Tempo has no equivalent for. Decision 0010 lists them; answers.ts has their shapes.
import { type Context, Hono } from 'hono'
import { Refused } from '../../body'
import { traceIdOf } from '../../store/columns'
import { integer, paramsOf, windowOf } from '../parameters'
import type { Parts } from '../parts'
import { forRequest } from '../request-deadline'
import type { SessionKind } from '../session-answers'
import { traceIdIn } from '../tempo/trace'
import { summaryOf } from '../tiers'
import { agreement } from './agreement'
import { board, boards } from './boards'
import { breaks } from './breaks'
import { catalogue } from './catalogue'
import { codingAgents } from './coding-agents'
import { errors } from './errors'
import { exported } from './export'
import { facets } from './facets'
import { foundCalls } from './found-calls'
import { heatmap } from './heatmap'
import { logSummary } from './log-summary'
import { logTail } from './log-tail'
import { logs } from './logs'
import { map } from './map'
import { overview } from './overview'
import { providerSide } from './provider-side'
import { judgedAnswers, quality } from './quality'
import { replay, replayCounts } from './replay'
import { series } from './series'
import { session, sessionKinds, sessions } from './sessions'
import { stats } from './stats'
import { subject } from './subject'
import { tail } from './tail'
import { timeline } from './timeline'
import { calls } from './turns'
import { webVitals } from './web-vitals'

/** Milliseconds. An export may write the whole store. */
const EXPORT_MS = 600_000

export function ownRoutes(parts: Parts): Hono {
  const app = new Hono()
  const partsOf = (c: Context) => forRequest(parts, c)
  const period = (c: Context) => windowOf(paramsOf(c), parts.now())
  const limit = (c: Context) => integer(paramsOf(c), 'limit', 1, 1_000) ?? 50
  app.get('/overview', async c => c.json(await overview(partsOf(c), period(c))))
  app.get('/series', async c => c.json(await series(partsOf(c), paramsOf(c), period(c))))
  app.get('/quality', async c => c.json(await quality(partsOf(c), paramsOf(c), period(c))))
  app.get('/quality/agreement', async c => c.json(await agreement(partsOf(c), paramsOf(c), period(c))))
  app.get('/quality/answers', async c => c.json(await judgedAnswers(partsOf(c), paramsOf(c), period(c))))
  app.get('/coding-agents', async c => c.json(await codingAgents(partsOf(c), paramsOf(c), period(c))))
  app.get('/calls', async c => c.json(await foundCalls(partsOf(c), paramsOf(c))))
  app.get('/facets', async c => c.json(await facets(partsOf(c), paramsOf(c), period(c))))
  app.get('/heatmap', async c => c.json(await heatmap(partsOf(c), paramsOf(c), period(c))))
  app.get('/map', async c => c.json(await map(partsOf(c), paramsOf(c), period(c))))
  app.get('/sessions', async c => c.json(await sessions(partsOf(c), period(c), limit(c))))
  app.get('/sessions/:kind/:id', async c =>
    c.json(await session(partsOf(c), paramsOf(c), kindOf(c.req.param('kind')), c.req.param('id'))),
  )
  app.get('/sessions/session/:id/timeline', async c => c.json(await timeline(partsOf(c), c.req.param('id'))))
  app.get('/web-vitals', async c => c.json(await webVitals(partsOf(c), period(c), limit(c))))
  app.get('/errors', async c => c.json(await errors(partsOf(c), paramsOf(c), period(c), limit(c))))
  app.get('/traces/:id', async c => {
    const id = traceIdIn(c.req.param('id'))
    const found = await summaryOf(partsOf(c), id)
    if (!found) throw new Refused(404, `trace ${id} not found: it was never received, or its retention has expired`)
    return c.json(found)
  })
  app.get('/traces/:id/breaks', async c => c.json(await breaks(partsOf(c), traceIdIn(c.req.param('id')))))
  app.get('/traces/:id/provider-side', async c => c.json(await providerSide(partsOf(c), traceIdIn(c.req.param('id')))))
  app.get('/traces/:id/calls', async c => {
    const ofTrace = `spans s JOIN (SELECT ${traceIdOf(traceIdIn(c.req.param('id')))}::UHUGEINT AS id) ON s.trace_id = id`
    return c.json(await calls(partsOf(c).store, paramsOf(c), ofTrace))
  })
  app.get('/logs', async c => c.json(await logs(partsOf(c), paramsOf(c), period(c))))
  app.get('/logs/summary', async c => c.json(await logSummary(partsOf(c), paramsOf(c), period(c))))
  app.get('/logs/tail', async c => c.json(await logTail(partsOf(c), paramsOf(c), period(c))))
  app.get('/tail', c => tail(parts, c, c.req.query('q') || '{}'))
  app.get('/alerts', async c => c.json(await parts.alerts.answer()))
  app.get('/boards', c => c.json(boards(parts, paramsOf(c))))
  app.get('/boards/:uid', c => c.json(board(parts, paramsOf(c), c.req.param('uid'))))
  app.get('/catalogue', c => c.json(catalogue(parts)))
  app.post('/subject/:question', async c => subject(parts, c))
  app.get('/stats', async c => c.json(await stats(partsOf(c))))
  app.get('/export', async c => {
    const isBounded = c.req.query('start') || c.req.query('end')
    return exported(forRequest(parts, c, EXPORT_MS), paramsOf(c), isBounded ? period(c) : undefined)
  })
  app.get('/replay', c => replay(partsOf(c), paramsOf(c)))
  app.get('/replay/counts', async c => c.json(await replayCounts(forRequest(parts, c, EXPORT_MS), paramsOf(c))))
  return app
}

function kindOf(text: string): SessionKind {
  const kind = sessionKinds.find(known => known === text)
  if (kind) return kind
  throw new Refused(404, `unknown session kind "${text}"; use one of ${sessionKinds.join(', ')}`)
}
