// Follows an answer from the promise of fetch to the end of its body.
import { LlmCall } from '../call'
import type { End } from '../failure'
import type { FetchedAnswer } from '../later/fetched-answer'
import { fail, type LlmTapOptions } from '../options'
import { type Watcher, watchResponse } from './body'
import { withoutUsage } from './hidden-usage'

type Followed = LlmCall | FetchedAnswer

/**
 * Returns the promise that the app gets instead: a handler on a side branch would hide an unhandled rejection.
 * @param hiding set if we requested the usage, which must then be hidden from the app
 */
export function followed(
  answer: Promise<Response>,
  call: Followed,
  signal: AbortSignal | undefined,
  options: LlmTapOptions,
  hiding: boolean,
): Promise<Response> {
  if (signal && call instanceof LlmCall && !call.over) watchAbort(signal, call, options)
  return answer.then(
    response => observed(response, call, options, hiding),
    error => {
      finish(options, call, { by: 'error', error })
      throw error
    },
  )
}

/**
 * Promises and streams report an abort only later, when its cause can no longer be determined. Called once fetch has the signal, because
 * fetch raises the listener limit of Node's signals.
 */
function watchAbort(signal: AbortSignal, call: LlmCall, options: LlmTapOptions): void {
  // the call must not reference the stream, which the signal may do
  const reference = new WeakRef(signal)
  const guarded = (work: () => void) => () => {
    try {
      work()
    } catch (error) {
      fail(options, error, 'span')
    }
  }
  const aborting = guarded(() => call.aborting())
  guarded(() => signal.addEventListener('abort', aborting))()
  call.whenOver = guarded(() => reference.deref()?.removeEventListener('abort', aborting))
}

function observed(response: Response, call: Followed, options: LlmTapOptions, hiding: boolean): Response {
  try {
    const less = hiding ? withoutUsage(response, seen(call, options)) : undefined
    const visible = less?.shown ?? response
    const watched = watchResponse(visible, watcher(call, options, less?.cancel))
    // bound, because a closure that references the Response would keep it from being collected unread
    call.responded(response.status, Headers.prototype.get.bind(response.headers), watched?.readers, response.headers)
    // A body that is not a web stream, as a polyfill may have, cannot be watched.
    if (!watched) call.end({ by: response.body ? 'consumer' : 'server' })
    return watched?.shown ?? visible
  } catch (error) {
    fail(options, error, 'response')
    finish(options, call, { by: 'consumer' })
    return response
  }
}

/** @param cancel cancels the source if the body is ours; its bytes are observed at the source */
function watcher(call: Followed, options: LlmTapOptions, cancel: (() => void) | undefined): Watcher {
  return {
    chunk: bytes => {
      if (!cancel) call.chunk(bytes)
    },
    done: () => call.end({ by: 'server' }),
    failed: error => call.end({ by: 'error', error }),
    left: forgotten => {
      if (forgotten) cancel?.()
      call.end({ by: 'consumer', forgotten })
    },
    trouble: responseTrouble(options),
  }
}

/** A separate function, because closures of one function share their variables, and this one must not reference the call. */
function responseTrouble(options: LlmTapOptions): Watcher['trouble'] {
  return error => fail(options, error, 'response body')
}

function seen(call: Followed, options: LlmTapOptions): (bytes: Uint8Array) => void {
  return bytes => {
    try {
      call.chunk(bytes)
    } catch (error) {
      fail(options, error, 'response body')
    }
  }
}

export function finish(options: LlmTapOptions, call: Followed, how: End): void {
  try {
    call.end(how)
  } catch (error) {
    fail(options, error, 'span')
  }
}
