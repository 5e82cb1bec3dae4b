// Values that several families of the corpus use: resources, scopes, and random durations.

import { double } from '../../../support/otlp-json'
import type { Random } from '../../../support/random'
import type { Attributes, Scope, Span } from './trace'

export const ms = 1_000_000

const service = (name: string, more: Attributes = {}): Attributes => ({
  'service.name': name,
  'service.version': '1.2.3',
  'telemetry.sdk.language': 'nodejs',
  ...more,
})

export const resources = {
  chat: service('chat-api', { 'deployment.environment.name': 'production', env: 'prod', 'host.cpus': 8 }),
  canary: service('chat-api', { 'deployment.environment.name': 'staging', env: 'canary', 'host.cpus': 4 }),
  shop: service('shop', { 'service.namespace': 'web', env: 'prod', 'host.load': double(0.75), spot: true }),
  stock: service('stock', { 'service.namespace': 'web', 'k8s.pod.name': 'stock-7f9c', 'host.cpus': 2 }),
  worker: service('worker', { 'process.command_args': ['node', '--require', '@afn/otel', 'worker.js'] }),
  japanese: service('プロンプト最適化', { 場所: '東京', env: '本番' }),
  nameless: { 'telemetry.sdk.language': 'nodejs', env: 'unknown' } as Attributes,
}

export const scopes = {
  llm: { name: '@afn/otel/llm', version: '0.1.0', attributes: { flavour: 'tap', level: 2 } },
  http: { name: '@opentelemetry/instrumentation-http', version: '0.223.0' },
  pg: { name: '@opentelemetry/instrumentation-pg', version: '0.223.0', attributes: { flavour: 'hook' } },
  app: { name: 'app' },
} satisfies Record<string, Scope>

export const users = ['u1', 'u2', 'u3', 'ユーザー', 'user "q"', '[EMAIL:0123456789abcdef]']
export const models = [
  { provider: 'openai', model: 'gpt-5-mini' },
  { provider: 'openai', model: 'gpt-5' },
  { provider: 'anthropic', model: 'claude-sonnet-5' },
  { provider: 'gcp.gen_ai', model: 'gemini-3-flash' },
]

/** Log-uniform, in nanoseconds. */
export function duration(random: Random, from: number, to: number): number {
  return Math.floor(from * (to / from) ** random.next())
}

/** A server's span at the root of a trace. */
export function serverSpan(random: Random, at: number, ns: number, resource: Attributes, route: string): Span {
  const status = random.pick([200, 200, 200, 200, 201, 404, 500, 503])
  return {
    resource,
    scope: scopes.http,
    name: `POST ${route}`,
    kind: 2,
    at,
    ns,
    status: status >= 500 ? 2 : random.pick([0, 0, 1]),
    ...(status >= 500 && random.chance(0.5) && { message: `answered ${status}` }),
    attributes: {
      'http.request.method': 'POST',
      'http.route': route,
      'url.path': route,
      'http.response.status_code': status,
      'server.port': 8000,
      env: random.pick(['span-env', 'prod']),
    },
  }
}
