// Our own routes, for what Tempo has no answer to. Decision 0010 lists them, answers.ts has their shapes. Called by app.ts.
import { type Context, Hono } from 'hono'
import { Refused } from '../../body'
import type { SessionKind } from '../answers'
import { type Ask, whole, windowOf } from '../parameters'
import type { Parts } from '../parts'
import { traceIdIn } from '../tempo/trace'
import { keptOf } from '../tiers'
import { catalogue } from './catalogue'
import { errors } from './errors'
import { exported } from './export'
import { logs } from './logs'
import { overview } from './overview'
import { series } from './series'
import { session, sessionKinds, sessions } from './sessions'
import { stats } from './stats'
import { tail } from './tail'

export function ownRoutes(parts: Parts): Hono {
  const app = new Hono()
  const asked = ({ req }: Context) => {
    const ask: Ask = name => req.query(name)
    return { ask, period: windowOf(ask, parts.now()), limit: whole(ask, 'limit', 1, 1_000) ?? 50 }
  }
  app.get('/overview', async c => c.json(await overview(parts, asked(c).period)))
  app.get('/series', async c => c.json(await series(parts, asked(c).ask, asked(c).period)))
  app.get('/sessions', async c => c.json(await sessions(parts, asked(c).period, asked(c).limit)))
  app.get('/sessions/:kind/:id', async c =>
    c.json(await session(parts, kindOf(c.req.param('kind')), c.req.param('id'))),
  )
  app.get('/errors', async c => c.json(await errors(parts, asked(c).period, asked(c).limit)))
  app.get('/traces/:id', async c => {
    const id = traceIdIn(c.req.param('id'))
    const kept = await keptOf(parts, id)
    if (!kept) throw new Refused(404, `there is no trace ${id}: it never came, or its time has run out`)
    return c.json(kept)
  })
  app.get('/logs', async c => c.json(await logs(parts, name => c.req.query(name), asked(c).period)))
  app.get('/tail', c => tail(parts, c, c.req.query('q') || '{}'))
  app.get('/catalogue', c => c.json(catalogue(parts)))
  app.get('/stats', async c => c.json(await stats(parts)))
  app.get('/export', async c => {
    const isBounded = c.req.query('start') || c.req.query('end')
    return exported(parts, name => c.req.query(name), isBounded ? asked(c).period : undefined)
  })
  return app
}

function kindOf(text: string): SessionKind {
  const kind = sessionKinds.find(known => known === text)
  if (kind) return kind
  throw new Refused(404, `there are no sessions of kind "${text}"; there are ${sessionKinds.join(', ')}`)
}
