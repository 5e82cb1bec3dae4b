// LLM calls, seen on the wire.

import { protocols } from '../providers/protocols'
import { tapFetch } from './fetch/fetch'
import { HttpCalls } from './http/calls'
import { endOpenCalls } from './open-calls'
import type { LlmTapOptions } from './options'

export interface LlmTap {
  /** Calls that are under way still end their spans. */
  stop(): void
  /** `replaced`: somebody put another function in place of ours, which may or may not call it. */
  state(): 'tapped' | 'replaced' | 'absent'
  /** What the chunk that watches node's own clients reports their requests to. */
  readonly http: HttpCalls
  readonly protocols: readonly string[]
  /** Ends the calls that nobody will read on, when the process has nothing left to do. Never throws. */
  leave(): void
}

const names = protocols.map(protocol => protocol.name)
let running: LlmTap | undefined

/** Wraps `globalThis.fetch` once; a second call gets the tap that is running. */
export function startLlmTap(options: LlmTapOptions): LlmTap {
  running ??= start(options)
  return running
}

function start(options: LlmTapOptions): LlmTap {
  const http = new HttpCalls(options)
  const { state, stop } =
    typeof globalThis.fetch === 'function'
      ? replaceFetch(globalThis.fetch, options)
      : { state: () => 'absent' as const, stop() {} }
  return {
    protocols: names,
    http,
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

function replaceFetch(original: typeof fetch, options: LlmTapOptions): Pick<LlmTap, 'state' | 'stop'> {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'fetch')
  const tap = tapFetch(original, options)
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
