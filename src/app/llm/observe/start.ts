// Starts the observation of LLM calls at the HTTP clients. The start decides which requests may be such calls; everything else is loaded
// with the first.
import { protocolNames, socketProtocolNames } from '../providers/paths'
import { tapFetch } from './fetch/fetch'
import { HttpCalls } from './http/calls'
import { fail, type LlmTapOptions, type Observers } from './options'

export interface LlmTap {
  /** Stops observing new calls. Calls in progress still end their spans. */
  stop(): void
  /** `replaced`: other code replaced our function, and may or may not call it. */
  state(): 'tapped' | 'replaced' | 'absent'
  /** Receives the requests of the chunk that hooks Node's own clients. */
  readonly http: HttpCalls
  readonly protocols: readonly string[]
  /** Loads everything that the first call would load. Failures are reported. */
  prepare(): void
  /** Ends the calls that will not be read further, when the process has nothing left to do. Never throws. */
  leave(): void
}

let running: LlmTap | undefined
let observers: Observers | undefined

/**
 * Wraps `globalThis.fetch` once; a second call returns the running tap.
 * @param load called with the first request that may be an LLM call. If it throws, the request is sent unobserved
 */
export function startLlmTap(options: LlmTapOptions, load: () => Observers): LlmTap {
  running ??= start(options, () => {
    // a copy, because each access to a member of the chunk would call a getter
    observers ??= { ...load() }
    return observers
  })
  return running
}

/** Called when nothing in the process will read on. */
export function endOpenCalls(): void {
  observers?.endOpenCalls()
}

/** Ends the calls whose reader was released; calls with an active reader continue. */
export async function endReleasedCalls(): Promise<void> {
  await observers?.endReleasedCalls()
}

function start(options: LlmTapOptions, load: () => Observers): LlmTap {
  const http = new HttpCalls(options, load)
  const { state, stop } =
    typeof globalThis.fetch === 'function'
      ? replaceFetch(globalThis.fetch, options, load)
      : { state: () => 'absent' as const, stop() {} }
  return {
    protocols: [...new Set([...protocolNames, ...socketProtocolNames])],
    http,
    prepare() {
      try {
        load()
      } catch (error) {
        fail(options, error, 'request')
      }
    },
    leave: endOpenCalls,
    state,
    stop() {
      stop()
      http.release()
      running = undefined
    },
  }
}

/** Next.js wraps the existing function, and marks its own. */
const isNextJs = (outer: unknown): boolean => (outer as { __nextPatched?: boolean } | undefined)?.__nextPatched === true

function replaceFetch(
  original: typeof fetch,
  options: LlmTapOptions,
  load: () => Observers,
): Pick<LlmTap, 'state' | 'stop'> {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'fetch')
  const tap = tapFetch(original, options, load)
  if (before && 'value' in before) Object.defineProperty(globalThis, 'fetch', { ...before, value: tap.fetch })
  else globalThis.fetch = tap.fetch
  return {
    state: () => (globalThis.fetch === tap.fetch || isNextJs(globalThis.fetch) ? 'tapped' : 'replaced'),
    stop() {
      tap.release()
      // If other code wrapped our function, it cannot be removed; it then only passes calls on.
      if (globalThis.fetch === tap.fetch) Object.defineProperty(globalThis, 'fetch', before ?? { value: original })
    },
  }
}
