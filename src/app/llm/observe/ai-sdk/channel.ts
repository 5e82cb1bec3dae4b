// Since version 7, the AI SDK publishes its operations on a diagnostics channel. We subscribe at the start, because a channel also works in
// bundled apps; the code that makes spans is a chunk that is loaded with the first message.
import { AsyncLocalStorage } from 'node:async_hooks'
import { type Channel, tracingChannel } from 'node:diagnostics_channel'
import type { Context } from '@opentelemetry/api'
import type { LlmTapOptions } from '../options'
import type { createAiSdkSpans, Message } from './spans'

/** @returns stops watching */
export function watchAiSdk(
  options: Pick<LlmTapOptions, 'captureContent' | 'onFailure'>,
  load: () => { createAiSdkSpans: typeof createAiSdkSpans },
): () => void {
  const channel = tracingChannel('ai:telemetry')
  const storage = contextStorage()
  if (!storage) return onFirst(channel.start, () => options.onFailure(new Error(notPossible), 'ai:telemetry'))
  let loaded: ReturnType<typeof createAiSdkSpans> | undefined
  const spans = () => {
    loaded ??= load().createAiSdkSpans(options)
    return loaded
  }
  // an error thrown in here would end the process
  const guarded = <T>(ours: () => T): T | undefined => {
    try {
      return ours()
    } catch (error) {
      options.onFailure(error, 'ai:telemetry')
      return undefined
    }
  }
  const asyncEnd = (message: unknown) => guarded(() => spans().ended(message as Message))
  channel.start.bindStore(
    storage,
    message => guarded(() => spans().began(message as Message)) ?? (storage.getStore() as Context),
  )
  channel.asyncEnd.subscribe(asyncEnd)
  return () => {
    channel.start.unbindStore(storage)
    channel.asyncEnd.unsubscribe(asyncEnd)
  }
}

const notPossible =
  'the context manager keeps no AsyncLocalStorage: agents, steps and tools of the AI SDK have no spans; use AsyncLocalStorageContextManager'

/** @returns stops watching */
function onFirst(channel: Channel, tell: () => void): () => void {
  const stop = () => void channel.unsubscribe(first)
  const first = () => {
    stop()
    tell()
  }
  channel.subscribe(first)
  return stop
}

/**
 * The storage in which OpenTelemetry's context manager keeps the active context. It is the only way to make a span active from a channel.
 */
function contextStorage(): AsyncLocalStorage<Context> | undefined {
  const registered = globalThis as { [api: symbol]: { context?: { _asyncLocalStorage?: unknown } } | undefined }
  const storage = registered[Symbol.for('opentelemetry.js.api.1')]?.context?._asyncLocalStorage
  return storage instanceof AsyncLocalStorage ? storage : undefined
}
