// Requests without a model: one service calls another, a queue hands work over, a check answers alone.
import type { Random } from '../../../support/random'
import { exception, query } from './llm'
import { duration, ms, resources, scopes, serverSpan } from './shared'
import type { Span } from './trace'

export function shop(random: Random, at: number): Span[] {
  const ns = duration(random, 5 * ms, 2_500 * ms)
  const route = random.pick(['/cart', '/checkout', '/items/{id}'])
  const root = serverSpan(random, at, ns, resources.shop, route)
  const client: Span = {
    parent: 0,
    resource: resources.shop,
    scope: scopes.http,
    name: 'GET',
    kind: 3,
    at: at + ms,
    ns: Math.floor(ns * 0.8),
    attributes: {
      'http.request.method': 'GET',
      'server.address': 'stock',
      'server.port': 8080,
      'http.response.status_code': root.status === 2 ? 500 : 200,
      'url.full': `http://stock:8080/stock/${random.below(50)}?n=${random.below(3)}`,
    },
  }
  const server: Span = {
    parent: 1,
    resource: resources.stock,
    scope: scopes.http,
    name: 'GET /stock/{id}',
    kind: 2,
    at: at + 2 * ms,
    ns: Math.floor(ns * 0.6),
    status: root.status === 2 && random.chance(0.7) ? 2 : 0,
    attributes: { 'http.request.method': 'GET', 'http.route': '/stock/{id}', 'http.response.status_code': 200 },
    events: random.chance(0.1) ? [exception(at + 3 * ms)] : [],
  }
  const queries = random.below(3)
  return [root, client, server, ...Array.from({ length: queries }, (_, i) => query(random, at + (3 + i) * ms, 2))]
}

export function health(random: Random, at: number): Span[] {
  const status = random.pick([200, 200, 200, 503])
  return [
    {
      resource: random.pick([resources.chat, resources.shop]),
      scope: scopes.http,
      name: 'GET /health',
      kind: 2,
      at,
      ns: random.pick([0, 1, 2, 1_024, 1_025, ms, 5 * ms]),
      status: status === 503 ? 2 : 1,
      attributes: { 'http.route': '/health', 'url.path': '/health', 'http.response.status_code': status },
    },
  ]
}

export function queue(random: Random, at: number): Span[] {
  const topic = random.pick(['orders', 'mails'])
  const linked = () => ({
    traceId: `${'0'.repeat(8)}${random.hex(24)}`,
    spanId: random.hex(16),
    attributes: { 'link.kind': random.pick(['follows', 'retries']), 'link.weight': random.below(5) },
  })
  return [
    { resource: resources.worker, scope: scopes.app, name: `tick ${topic}`, kind: 0, at, ns: 30 * ms },
    {
      parent: 0,
      resource: resources.worker,
      scope: scopes.app,
      name: `publish ${topic}`,
      kind: 4,
      at: at + ms,
      ns: duration(random, ms, 20 * ms),
      attributes: { 'messaging.destination.name': topic, 'messaging.batch.message_count': 1 + random.below(20) },
    },
    {
      parent: 1,
      resource: random.pick([resources.worker, resources.japanese]),
      scope: scopes.app,
      name: `process ${topic}`,
      kind: 5,
      at: at + 3 * ms,
      ns: duration(random, ms, 800 * ms),
      attributes: { 'messaging.destination.name': topic },
      links: Array.from({ length: random.below(3) }, linked),
      events: Array.from({ length: random.below(3) }, (_, i) => ({
        name: random.pick(['received', 'acknowledged']),
        at: at + (4 + i) * ms,
        attributes: { order: i, 'message.id': `m${random.below(30)}` },
      })),
    },
  ]
}
