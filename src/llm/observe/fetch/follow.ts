// Follows an answer from its promise to the end of its body. Called by the tap, once a call.

import type { HeaderOf } from '../../providers/protocol'
import type { LlmCall } from '../call'
import type { LlmTapOptions } from '../options'
import { type Watcher, watchResponse } from './body'
import { withoutUsage } from './shown'

/** Our `then` is the first on the promise, so the Response is hooked before the application has it. */
export function follow(answer: unknown, call: LlmCall, options: LlmTapOptions): void {
  if (call.over) return
  if (!(answer instanceof Promise)) return finish(options, call, { by: 'consumer' })
  answer.then(
    response => void observed(response, call, options, false),
    error => finish(options, call, { by: 'error', error }),
  )
}

/** The answer without what the application did not ask for. */
export function shown(answer: Promise<Response>, call: LlmCall, options: LlmTapOptions): Promise<Response> {
  return answer.then(
    response => observed(response, call, options, true),
    error => {
      finish(options, call, { by: 'error', error })
      throw error
    },
  )
}

/** @param hiding our question for the counts, and so their answer, is to be hidden from the application */
function observed(response: Response, call: LlmCall, options: LlmTapOptions, hiding: boolean): Response {
  try {
    const less = hiding ? withoutUsage(response, seen(call, options)) : undefined
    const given = less?.shown ?? response
    const readers = watchResponse(given, watcher(call, options, less?.cancel))
    call.responded(response.status, lookup(response.headers), readers)
    // A body that is no web stream, as a polyfill may have, is nothing to call an early end.
    if (!readers) call.end({ by: response.body ? 'consumer' : 'server' })
    return given
  } catch (error) {
    fail(options, error, 'response')
    finish(options, call, { by: 'consumer' })
    return response
  }
}

/** @param cancel stops the source of a body that is ours; the bytes then were seen there */
function watcher(call: LlmCall, options: LlmTapOptions, cancel: (() => void) | undefined): Watcher {
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
    trouble: troubleOf(options),
  }
}

/** Made out here: a closure that is made beside others holds what they hold, and this one must not hold the call. */
function troubleOf(options: LlmTapOptions): Watcher['trouble'] {
  return error => fail(options, error, 'response body')
}

function seen(call: LlmCall, options: LlmTapOptions): (bytes: Uint8Array) => void {
  return bytes => {
    try {
      call.chunk(bytes)
    } catch (error) {
      fail(options, error, 'response body')
    }
  }
}

/** Made out here: a closure that holds the Response would keep it from being collected unread. */
function lookup(headers: Headers): HeaderOf {
  return name => headers.get(name)
}

export function finish(options: LlmTapOptions, call: LlmCall, how: Parameters<LlmCall['end']>[0]): void {
  try {
    call.end(how)
  } catch (error) {
    fail(options, error, 'span')
  }
}

export function fail(options: LlmTapOptions, error: unknown, where: string): void {
  try {
    options.onFailure(error, where)
  } catch {
    // the application's call goes on, whatever reports are worth
  }
}
