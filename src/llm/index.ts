// LLM calls, seen on the wire. Called by the preload before the application's first line, and by afnNodeSDK().
import { tapFetch } from './fetch/tap'
import type { LlmTapOptions } from './options'
import { protocols } from './protocols'

export interface LlmTap {
  /** Calls that are under way still end their spans. */
  stop(): void
  /** `replaced`: somebody put another function in place of ours, which may or may not call it. */
  state(): 'tapped' | 'replaced' | 'absent'
  readonly protocols: readonly string[]
}

const names = protocols.map(protocol => protocol.name)
const absent: LlmTap = { protocols: names, state: () => 'absent', stop: () => {} }
let running: LlmTap | undefined

/** Wraps `globalThis.fetch` once; a second call gets the tap that is running. */
export function startLlmTap(options: LlmTapOptions): LlmTap {
  if (typeof globalThis.fetch !== 'function') return absent
  running ??= start(globalThis.fetch, options)
  return running
}

function start(original: typeof fetch, options: LlmTapOptions): LlmTap {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'fetch')
  const tap = tapFetch(original, options)
  if (before && 'value' in before) Object.defineProperty(globalThis, 'fetch', { ...before, value: tap.fetch })
  else globalThis.fetch = tap.fetch
  return {
    protocols: names,
    state: () => (globalThis.fetch === tap.fetch ? 'tapped' : 'replaced'),
    stop() {
      tap.release()
      running = undefined
      // Where others wrapped us we can't be taken out again; ours then only passes calls on.
      if (globalThis.fetch === tap.fetch) Object.defineProperty(globalThis, 'fetch', before ?? { value: original })
    },
  }
}
