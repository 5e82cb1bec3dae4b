// LLM calls, seen on the wire. The start finds out which requests may be such calls; all else is loaded with the first.
import { protocolNames, socketProtocolNames } from '../providers/paths'
import { tapFetch } from './fetch/fetch'
import { HttpCalls } from './http/calls'
import { fail, type LlmTapOptions, type Observers } from './options'

export interface LlmTap {
  /** Calls that are under way still end their spans. */
  stop(): void
  /** `replaced`: somebody put another function in place of ours, which may or may not call it. */
  state(): 'tapped' | 'replaced' | 'absent'
  /** What the chunk that watches node's own clients reports their requests to. */
  readonly http: HttpCalls
  readonly protocols: readonly string[]
  /** Loads now what else the first call would. Where that fails, it is reported. */
  prepare(): void
  /** Ends the calls that nobody will read on, when the process has nothing left to do. Never throws. */
  leave(): void
}

let running: LlmTap | undefined
let observers: Observers | undefined

/**
 * Wraps `globalThis.fetch` once; a second call gets the tap that is running.
 * @param load called with the first request that may be an LLM call. Where it throws, the request is sent unobserved
 */
export function startLlmTap(options: LlmTapOptions, load: () => Observers): LlmTap {
  running ??= start(options, () => {
    // a copy, since the chunk's own members are functions that look each of them up
    observers ??= { ...load() }
    return observers
  })
  return running
}

/** Nothing in the process will read on. */
export function endOpenCalls(): void {
  observers?.endOpenCalls()
}

/** Ends the calls whose reader was given back; one that somebody still holds goes on. */
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

/** Next.js puts a function around the one that it finds, and marks it. */
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
      // Where others wrapped us we can't be taken out again; ours then only passes calls on.
      if (globalThis.fetch === tap.fetch) Object.defineProperty(globalThis, 'fetch', before ?? { value: original })
    },
  }
}
