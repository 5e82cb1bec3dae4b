// Tells which attempt of one call a request is. Called by the call when it starts and when it ends. The SDKs made with
// Stainless (OpenAI, Anthropic, Groq, Together …) count in a header; others just send the same bytes again.
import type { Span } from '@opentelemetry/api'
import type { HeaderOf } from './protocols/protocol'

/** What makes a request the same as another. Without a parent or a body there is nothing to compare. */
export interface Sent {
  readonly parent: Span
  readonly url: string
  readonly body: string | Uint8Array
}

type Failed = Omit<Sent, 'parent'> & { readonly attempt: number }

/** Failed requests remembered under one span, and the largest body that is: memory stays bounded. */
const MOST = 4
const LARGEST = 1024 * 1024

const failedUnder = new WeakMap<Span, Failed[]>()

export function sentOf(parent: Span | undefined, url: string, body: string | Uint8Array | undefined): Sent | undefined {
  return parent && body !== undefined && body.length <= LARGEST ? { parent, url, body } : undefined
}

/** 1 for the first; undefined where nothing says that there is more than one. */
export function attemptOf(sent: Sent | undefined, header: HeaderOf): number | undefined {
  const told = header('x-stainless-retry-count')
  if (told && /^\d{1,3}$/.test(told)) return Number(told) + 1
  const before = sent && failedUnder.get(sent.parent)?.find(failed => same(failed, sent))
  return before && before.attempt + 1
}

/** Remembers a request that failed, until one like it succeeds. */
export function attempted(sent: Sent | undefined, attempt: number | undefined, failed: boolean): void {
  if (!sent) return
  const { parent, url, body } = sent
  const before = failedUnder.get(parent)
  if (!before && !failed) return
  const others = (before ?? []).filter(other => !same(other, sent))
  if (failed) others.push({ url, body, attempt: attempt ?? 1 })
  failedUnder.set(parent, others.slice(-MOST))
}

function same(failed: Failed, { url, body }: Sent): boolean {
  if (failed.url !== url || failed.body.length !== body.length) return false
  return typeof body === 'string' || typeof failed.body === 'string'
    ? failed.body === body
    : Buffer.compare(failed.body, body) === 0
}
