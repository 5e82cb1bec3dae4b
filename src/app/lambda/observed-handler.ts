// A handler in a span, with everything sent before its invocation ends: after that Lambda freezes the process. The runtime client
// must find what the function's own handler is: its number of parameters, and the mark of those that stream.
import { context as contextApi } from '@opentelemetry/api'
import { slot } from '../runtime'
import { beginInvocation, type Invocation } from './invocation'
import { type Callback, type Handler, type LambdaContext, STREAMING } from './runtime-types'

/** Milliseconds before the deadline of an invocation at which it is left alone. */
const MARGIN_MS = 250

/** @param flushMs milliseconds that sending may take of an invocation */
export function observedHandler(handler: Handler, flushMs: number): Handler {
  const flush = async (context: LambdaContext): Promise<void> => {
    await slot().runtime?.flush(Math.max(0, Math.min(flushMs, remaining(context) - MARGIN_MS)))
  }
  const isStreaming = STREAMING in handler
  const observed: Handler = function (...args) {
    const context = args[isStreaming ? 2 : 1] as LambdaContext
    const call = begun(args[0], context)
    if (!call) return Reflect.apply(handler, this, args)
    const late = beforeDeadline(context, flush)
    const ended = async (last: (call: Invocation) => void): Promise<void> => {
      clearTimeout(late)
      attempt(() => last(call))
      await flush(context)
    }
    if (!isStreaming) withCallbacks(args, ended)
    let result: unknown
    try {
      result = contextApi.with(call.context, () => Reflect.apply(handler, this, args))
    } catch (error) {
      // a rejection is the same error to the runtime client, and comes after what is sent
      result = Promise.reject(error)
    }
    return isThenable(result) ? awaited(result, ended) : result
  }
  return Object.defineProperties(observed, Object.getOwnPropertyDescriptors(handler))
}

type Ended = (last: (call: Invocation) => void) => Promise<void>

async function awaited(result: PromiseLike<unknown>, ended: Ended): Promise<unknown> {
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

/** Node.js up to 22 has handlers that call back, by the third argument or by functions of the context. */
function withCallbacks(args: unknown[], ended: Ended): void {
  const after =
    (callback: Callback): Callback =>
    (error, result) => {
      void ended(call => (error ? call.failed(error) : call.ended(result))).then(() => callback(error, result))
    }
  if (typeof args[2] === 'function') args[2] = after(args[2] as Callback)
  const context = args[1] as Record<string, unknown>
  const { done, succeed, fail } = context as Record<string, Callback | undefined>
  if (!done || !succeed || !fail) return
  args[1] = Object.create(context, {
    done: { value: after(done.bind(context)) },
    succeed: { value: (result: unknown) => after((_, given) => succeed.call(context, given))(undefined, result) },
    fail: { value: (error: unknown) => after(given => fail.call(context, given))(error ?? new Error('handled')) },
  })
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

function attempt<T>(ours: () => T): T | undefined {
  try {
    return ours()
  } catch (error) {
    slot().runtime?.failed(error)
    return undefined
  }
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof (value as PromiseLike<unknown> | undefined)?.then === 'function'
