// Used by the tests of repairing: what the Tempo of this suite has in each tier, and the command itself.
import { spawn } from 'node:child_process'
import path from 'node:path'
import { inject } from 'vitest'
import type { TraceTier } from '../../src/tiers'
import { root } from '../support/packed'

export const tempo = inject('tempo')

/** Ids of the spans in a tier, each as often as it stands there. */
export async function spansIn(tier: TraceTier, traceId: string, url = tempo!.url): Promise<string[]> {
  const { trace = {} } = await answerOf<{
    trace?: { resourceSpans?: { scopeSpans: { spans: { spanId: string }[] }[] }[] }
  }>(`${url}/api/v2/traces/${traceId}`, tier)
  return (trace.resourceSpans ?? [])
    .flatMap(resource => resource.scopeSpans.flatMap(scope => scope.spans))
    .map(({ spanId }) => Buffer.from(spanId, 'base64').toString('hex'))
    .sort()
}

/** How many traces of the last hour match, a thousand at most. */
export async function counted(tier: TraceTier, query: string): Promise<number> {
  const end = Math.floor(Date.now() / 1_000) + 1
  const search = new URLSearchParams({ q: query, start: `${end - 3_600}`, end: `${end}`, limit: '1000' })
  return (await answerOf<{ traces?: unknown[] }>(`${tempo!.url}/api/search?${search}`, tier)).traces?.length ?? 0
}

/** Tempo answers 500 when a block goes away while it reads it: asked again, it knows. A 404 is an answer without anything. */
async function answerOf<Answer extends object>(url: string, tier: TraceTier): Promise<Partial<Answer>> {
  for (let left = 5; ; left -= 1) {
    const response = await fetch(url, { headers: { 'x-scope-orgid': `afn-${tier}` } })
    if (response.status === 404) return {}
    const text = await response.text()
    if (response.ok) return JSON.parse(text)
    if (response.status < 500 || left === 0) throw new Error(`Tempo answers ${response.status}: ${text}`)
    await new Promise(resolve => setTimeout(resolve, 500))
  }
}

/** `afn-otel reconcile`, with its lease in this folder. */
export function runReconcile(
  cache: string,
  ...args: string[]
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const { url, otlp } = tempo!
  const command = [
    path.join(root, 'dist/cli.cjs'),
    'reconcile',
    '--tempo',
    url,
    '--otlp',
    otlp,
    '--settle',
    '1s',
    ...args,
  ]
  return new Promise(resolve => {
    const child = spawn(process.execPath, command, { env: { PATH: process.env.PATH, AFN_CACHE_DIR: cache } })
    const result = { code: null as number | null, stdout: '', stderr: '' }
    child.stdout.setEncoding('utf8').on('data', text => {
      result.stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', text => {
      result.stderr += text
    })
    child.on('close', code => resolve({ ...result, code }))
  })
}
