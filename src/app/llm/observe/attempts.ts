// Tells which attempt of one call a request is, and which request it repeats. The SDKs made with Stainless (OpenAI, Anthropic,
// Groq, Together …) count in a header; others just send the same bytes again.
import type { Span, SpanContext } from '@opentelemetry/api'
import type { HeaderOf } from '../providers/protocol'
import { sha256 } from '../wire/sha256'

/** What makes a request the same as another. Without a body there is nothing to compare. */
export interface Sent {
  readonly parent: Span | undefined
  readonly url: string
  readonly body: string | Uint8Array
}

/** What is asked is whether two requests are equal: prompts do not stay in memory for it, nor spans that have them. */
interface Failed {
  readonly url: string
  readonly hash: string
  readonly attempt: number
  readonly span: SpanContext
}

export interface Attempt {
  /** Undefined where nothing is compared. */
  readonly sent: Sent | undefined
  /** 1 for the first; undefined where nothing says that there is more than one. */
  readonly number: number | undefined
  /** The failed request that this one repeats. */
  readonly repeats: SpanContext | undefined
}

/** Failed requests remembered under one span, and the largest body that is: memory stays bounded. */
const MOST = 4
const LARGEST = 1024 * 1024

const failedUnder = new WeakMap<object, Failed[]>()
/** Stands for the span above requests that have none. Only a client that counts can repeat one of them. */
const NO_PARENT = {}

export function attemptOf(
  parent: Span | undefined,
  url: string,
  body: string | Uint8Array | undefined,
  header: HeaderOf,
): Attempt {
  const sent = body !== undefined && body.length <= LARGEST ? { parent, url, body } : undefined
  const counted = header('x-stainless-retry-count')
  const before = counted && /^\d{1,3}$/.test(counted) ? Number(counted) : undefined
  const repeated = sent && failedUnder.has(sent.parent ?? NO_PARENT) ? takeFailed(sent, before) : undefined
  return { sent, number: before === undefined ? repeated && repeated.attempt + 1 : before + 1, repeats: repeated?.span }
}

/** @param attempt of the failed one; undefined where the client does not count */
function takeFailed(sent: Sent, attempt: number | undefined): Failed | undefined {
  const failed = failedUnder.get(sent.parent ?? NO_PARENT)
  if (!failed || (attempt === undefined && !sent.parent)) return undefined
  const isSame = sameAs(sent)
  const at = failed.findIndex(one => (attempt === undefined || one.attempt === attempt) && isSame(one))
  return at < 0 ? undefined : failed.splice(at, 1)[0]
}

/** Remembers a request that failed, until it is repeated or one like it succeeds. */
export function attempted(
  sent: Sent | undefined,
  attempt: number | undefined,
  span: SpanContext,
  failed: boolean,
): void {
  // without a parent only a client that counts can tell a repetition
  if (!sent || (!sent.parent && attempt === undefined)) return
  const key = sent.parent ?? NO_PARENT
  const before = failedUnder.get(key)
  if (!before && !failed) return
  const isSame = sameAs(sent)
  const others = failed ? (before ?? []) : before!.filter(other => !isSame(other))
  if (failed && !others.some(other => other.span.spanId === span.spanId))
    others.push({ url: sent.url, hash: hashOf(sent.body), attempt: attempt ?? 1, span })
  failedUnder.set(key, others.slice(-MOST))
}

function sameAs({ url, body }: Sent): (failed: Failed) => boolean {
  let hash: string | undefined
  return failed => {
    if (failed.url !== url) return false
    hash ??= hashOf(body)
    return failed.hash === hash
  }
}

const hashOf = (body: string | Uint8Array) => sha256().update(body).digest('base64')
