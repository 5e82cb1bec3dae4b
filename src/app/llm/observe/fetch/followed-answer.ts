// Follows an answer from its promise to the end of its body.
import { LlmCall } from '../call'
import type { End } from '../failure'
import type { FetchedAnswer } from '../later/fetched-answer'
import { fail, type LlmTapOptions } from '../options'
import { type Watcher, watchResponse } from './body'
import { withoutUsage } from './hidden-usage'

type Followed = LlmCall | FetchedAnswer

/**
 * What the application gets in the place of the answer: a handler on the side would hide a rejection that it doesn't handle.
 * @param hiding we requested the counts, so that they have to be hidden from the application
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
 * Promises and streams tell of an abort only later, when nothing says any more who aborted. Called when fetch has the signal:
 * Node's raises the limit of its listeners.
 */
function watchAbort(signal: AbortSignal, call: LlmCall, options: LlmTapOptions): void {
  // the call must not lead to the stream, which the signal may do
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
    // bound, since a closure that holds the Response would keep it from being collected unread
    call.responded(response.status, Headers.prototype.get.bind(response.headers), watched?.readers, response.headers)
    // A body that is no web stream, as a polyfill may have, is nothing to call an early end.
    if (!watched) call.end({ by: response.body ? 'consumer' : 'server' })
    return watched?.shown ?? visible
  } catch (error) {
    fail(options, error, 'response')
    finish(options, call, { by: 'consumer' })
    return response
  }
}

/** @param cancel stops the source of a body that is ours; the bytes then were seen there */
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

/** Made out here: closures of one function hold the same variables, and this one must not hold the call. */
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
