// A handler in a span, with everything sent before its invocation ends: after that Lambda freezes the process. The runtime client
// must find what the function's own handler is: its number of parameters, and the mark of those that stream.
import { context as contextApi } from '@opentelemetry/api'
import { attempt } from '../attempt'
import { slot } from '../runtime'
import type { Distribution } from './distribution'
import { beginInvocation, type Invocation } from './invocation'
import { type AnyCallback, type Handler, type LambdaContext, STREAMING } from './runtime-types'

/** Milliseconds before the deadline of an invocation at which it is left alone. */
const MARGIN_MS = 250

export function observedHandler(handler: Handler, { flushMs, prepare }: Distribution): Handler {
  let isFirst = true
  const flush = async (context: LambdaContext): Promise<void> => {
    await slot().runtime?.flush(Math.max(0, Math.min(flushMs, remaining(context) - MARGIN_MS)))
  }
  const isStreaming = STREAMING in handler
  const observed: Handler = function (...args) {
    const context = args[isStreaming ? 2 : 1] as LambdaContext
    const call = begun(args[0], context)
    if (!call) return Reflect.apply(handler, this, args)
    const late = beforeDeadline(context, flush)
    let finished: Promise<void> | undefined
    const finish = async (last: (call: Invocation) => void): Promise<void> => {
      clearTimeout(late)
      attempt(() => last(call))
      await flush(context)
    }
    // an async handler may call back too: the first end counts, and all wait for the same flush
    const ended: Ended = last => {
      finished ??= finish(last)
      return finished
    }
    const callsBack = !isStreaming && withCallbacks(args, ended)
    let result: unknown
    try {
      result = contextApi.with(call.context, () => Reflect.apply(handler, this, args))
    } catch (error) {
      // a rejection is the same error to the runtime client, and comes after what is sent
      result = Promise.reject(error)
    }
    if (isFirst) prepare()
    isFirst = false
    if (isThenable(result)) return awaited(result, ended)
    if (callsBack) endBeforeExit(() => (finished ? undefined : ended(call => call.ended(undefined))))
    else if (!isStreaming) return awaited(result, ended)
    // the runtime client refuses a handler that streams without a promise
    else void ended(call => call.ended(undefined))
    return result
  }
  return Object.defineProperties(observed, Object.getOwnPropertyDescriptors(handler))
}

type Ended = (last: (call: Invocation) => void) => Promise<void>

async function awaited(result: unknown, ended: Ended): Promise<unknown> {
  let value: unknown
  try {
    value = await result
  } catch (error) {
    await ended(call => call.failed(error))
    throw error
  }
  await ended(call => call.ended(value))
  return value
}

/**
 * Node.js up to 22 has handlers that call back, by the third argument or by functions of the context. What the function passes on is
 * passed on as it is, once everything is sent.
 *
 * @returns whether the runtime client is one of these
 */
function withCallbacks(args: unknown[], ended: Ended): boolean {
  const after =
    (original: AnyCallback, end: (...given: unknown[]) => (call: Invocation) => void): AnyCallback =>
    (...given) => {
      void ended(end(...given)).then(() => original(...given))
    }
  const called = (error: unknown, result: unknown) => (call: Invocation) =>
    (error ?? null) === null ? call.ended(result) : call.failed(error)
  if (typeof args[2] === 'function') args[2] = after(args[2] as AnyCallback, called)
  const context = args[1] as Record<string, unknown>
  const { done, succeed, fail } = context as Record<string, AnyCallback | undefined>
  if (!done || !succeed || !fail) return false
  args[1] = Object.create(context, {
    done: { value: after(done.bind(context), called) },
    succeed: { value: after(succeed.bind(context), result => call => call.ended(result)) },
    fail: { value: after(fail.bind(context), error => call => call.failed(error ?? 'handled')) },
  })
  return true
}

/** Where the runtime client of Node.js up to 22 keeps what it does once nothing is left to run. */
const BEFORE_EXIT = Symbol.for('aws.lambda.beforeExit')

/**
 * A handler that neither calls back nor returns a promise is answered for by the runtime client once nothing is left to run: here after
 * everything is sent.
 */
function endBeforeExit(end: () => Promise<void> | undefined): void {
  const holder = globalThis as { [BEFORE_EXIT]?: () => void }
  const answer = holder[BEFORE_EXIT]
  if (!answer) return
  holder[BEFORE_EXIT] = () => {
    holder[BEFORE_EXIT] = answer
    const sent = end()
    if (sent) void sent.then(answer)
    else answer()
  }
}

/** @returns the timer by which what has ended is sent before Lambda ends an invocation that takes too long */
function beforeDeadline(
  context: LambdaContext,
  flush: (context: LambdaContext) => unknown,
): NodeJS.Timeout | undefined {
  const left = remaining(context) - 2 * MARGIN_MS
  return left > 0 && left < 2 ** 31 ? setTimeout(flush, left, context).unref() : undefined
}

const remaining = (context: LambdaContext): number => context.getRemainingTimeInMillis?.() ?? Number.POSITIVE_INFINITY

const begun = (event: unknown, context: LambdaContext) => attempt(() => beginInvocation(event, context))

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof (value as PromiseLike<unknown> | undefined)?.then === 'function'
