// What the Tempo of this suite has in each tier, and `afn-otel reconcile` itself.
import path from 'node:path'
import { inject } from 'vitest'
import type { TraceTier } from '../../src/shared/tiers'
import { root } from '../support/packed'
import { type Run, run } from '../support/run'
import { seesAll } from '../support/tempo-stand-in'

/** A real one where there is one. */
export const tempo = inject('repaired')

interface Span {
  /** Hexadecimal. */
  readonly spanId: string
  readonly attributes?: readonly { key: string; value: Record<string, unknown> }[]
}

/** The spans of a trace in a tier, each as often as it stands there. */
export async function spansOf(tier: TraceTier, traceId: string, url = tempo.url): Promise<Span[]> {
  const { trace = {} } = await answerOf<{ trace?: { resourceSpans?: { scopeSpans: { spans: Span[] }[] }[] } }>(
    `${url}/api/v2/traces/${traceId}`,
    tier,
  )
  return (trace.resourceSpans ?? [])
    .flatMap(resource => resource.scopeSpans.flatMap(scope => scope.spans))
    .map(span => ({ ...span, spanId: Buffer.from(span.spanId, 'base64').toString('hex') }))
    .sort((a, b) => (a.spanId < b.spanId ? -1 : 1))
}

/** Their ids. */
export const spansIn = async (tier: TraceTier, traceId: string, url = tempo.url): Promise<string[]> =>
  (await spansOf(tier, traceId, url)).map(({ spanId }) => spanId)

/** How many traces of the last hour match, a thousand at most. */
export async function counted(tier: TraceTier, query: string): Promise<number> {
  const end = Math.floor(Date.now() / 1_000) + 1
  const search = new URLSearchParams({ q: query, start: `${end - 3_600}`, end: `${end}`, limit: '1000' })
  return (await answerOf<{ traces?: unknown[] }>(`${tempo.url}/api/search?${search}`, tier)).traces?.length ?? 0
}

/** Tempo answers 500 when a block goes away while it reads it: a second request is answered. A 404 is an answer without anything. */
async function answerOf<Answer extends object>(url: string, tier: TraceTier): Promise<Partial<Answer>> {
  for (let left = 5; ; left -= 1) {
    const response = await fetch(url, { headers: { 'x-scope-orgid': `afn-${tier}`, ...seesAll } })
    if (response.status === 404) return {}
    const text = await response.text()
    if (response.ok) return JSON.parse(text)
    if (response.status < 500 || left === 0) throw new Error(`Tempo answers ${response.status}: ${text}`)
    await new Promise(resolve => setTimeout(resolve, 500))
  }
}

/** `afn-otel reconcile` on the Tempo of this suite, with its lease in this folder. */
export const runReconcile = (cache: string, ...args: string[]): Promise<Run> =>
  runReconcileAt(cache, ['--tempo', tempo.url, '--otlp', tempo.otlp, '--settle', '1s', '--pause', '1s', ...args])

/** The same without any option of ours. No Collector of this machine gets a request for what it has for Tempo, unless `env` says which. */
export const runReconcileAt = (cache: string, args: string[], env: Record<string, string> = {}): Promise<Run> =>
  run(cache, [path.join(root, 'dist/cli.cjs'), 'reconcile', ...args], {
    env: { AFN_CACHE_DIR: cache, AFN_SELF_METRICS_PORT: '9', ...env },
  })
