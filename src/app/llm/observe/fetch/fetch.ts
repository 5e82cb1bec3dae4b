// Wraps globalThis.fetch once. The code that follows an LLM call is loaded with the first one.
import { context } from '@opentelemetry/api'
import { isTracingSuppressed } from '@opentelemetry/core'
import { AFN_LLM_UNOBSERVED_REASON_VALUE_SUPPRESSED } from '../../../../../semconv'
import { isUpload, mayComeLater, protocolAt } from '../../providers/paths'
import { likeOriginal } from '../likeness'
import { fail, type LlmTapOptions, type Observers } from '../options'
import { countUnobserved } from '../unobserved'
import type { AnswerRequest, BodyFirst, Candidate, Started } from './observed-fetch'

type Fetch = typeof globalThis.fetch

export interface FetchTap {
  readonly fetch: Fetch
  /** Passes every later call through unchanged, because other code may still reference the function. */
  release(): void
}

export function tapFetch(original: Fetch, options: LlmTapOptions, observers: () => Observers): FetchTap {
  let live = true
  let othersSeen = false

  /** Never throws, and starts nothing for a fetch that is not an LLM call. */
  function begin(input: unknown, init: RequestInit | undefined): Started | AnswerRequest | BodyFirst | undefined {
    try {
      const found = candidate(input, init, options.record !== undefined)
      if (!found) return undefined
      if (isTracingSuppressed(context.active())) {
        if (found.protocol)
          countUnobserved(new URL(found.url).host, AFN_LLM_UNOBSERVED_REASON_VALUE_SUPPRESSED, 'POST', found.url)
        return undefined
      }
      return observers().startFetch(found, init, options)
    } catch (error) {
      fail(options, error, 'request')
      return undefined
    }
  }

  function fetch(this: unknown, ...args: Parameters<Fetch>): ReturnType<Fetch> {
    const started = live ? begin(args[0], args[1]) : undefined
    if (!othersSeen && !(started && 'parent' in started)) {
      othersSeen = true
      beforeOther(options)
    }
    if (started) return observers().sendFetch(started, args, passed => Reflect.apply(original, this, passed), options)
    return Reflect.apply(original, this, args)
  }

  return {
    fetch: likeOriginal(original, fetch as Fetch),
    release: () => {
      live = false
    },
  }
}

function beforeOther(options: LlmTapOptions): void {
  try {
    options.beforeOtherCall?.()
  } catch (error) {
    fail(options, error, 'HTTP client')
  }
}

/**
 * Decides by method and path alone, without touching the app's arguments. Called for every fetch in the process, so other requests must be
 * rejected after a few comparisons.
 */
function candidate(input: unknown, init: RequestInit | undefined, isRecorded: boolean): Candidate | undefined {
  const request = typeof input === 'object' && input instanceof Request ? input : undefined
  const named = init?.method ?? request?.method
  const isPost = named === 'POST' || named === 'post'
  if (!isPost && named !== undefined && named !== 'GET' && named !== 'get') return undefined
  const url = typeof input === 'string' ? input : (request?.url ?? (input instanceof URL ? input.href : undefined))
  if (!url) return undefined
  const protocol = isPost ? protocolAt(pathOf(url)) : undefined
  return protocol || mayComeLater(isPost ? 'POST' : 'GET', url) || (isRecorded && isPost && isUpload(url))
    ? { protocol, url, request }
    : undefined
}

/** Avoids parsing every URL, which would cost a microsecond per fetch. */
function pathOf(url: string): string {
  const end = url.search(/[?#]/)
  return end < 0 ? url : url.slice(0, end)
}
