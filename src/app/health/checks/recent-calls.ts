// Counts the results of the app's own LLM calls in the last five minutes, by provider. It counts by time slices, so that memory does not
// depend on the number of calls.
import type { Attributes } from '@opentelemetry/api'
import {
  ATTR_AFN_LLM_USAGE_ROLLUP,
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
} from '../../../../semconv'
import { wordOf, wordOfStatus } from '../failure'

export interface CallCounts {
  readonly total: number
  /** Calls that failed because of the provider or a missing key, not because of the request. */
  readonly failed: number
  /** The word for the last failure. */
  readonly output: string | undefined
}

const sliceMs = 10_000
const slices = 30
const mostProviders = 50

interface Slice {
  at: number
  total: number
  failed: number
}

const elapsed = performance.now.bind(performance)

export class RecentCalls {
  readonly #providers = new Map<string, { slices: Slice[]; output?: string | undefined }>()
  /** Called with each provider when its first call is counted. */
  onProvider: (name: string) => void = () => {}

  add(attributes: Attributes): void {
    const provider = attributes[ATTR_GEN_AI_PROVIDER_NAME]
    if (typeof provider !== 'string' || attributes[ATTR_AFN_LLM_USAGE_ROLLUP] === true) return
    const known = this.#providers.get(provider) ?? this.#begin(provider)
    if (!known) return
    const at = Math.floor(elapsed() / sliceMs)
    let last = known.slices.at(-1)
    if (last?.at !== at) {
      last = { at, total: 0, failed: 0 }
      known.slices = [...known.slices.filter(slice => slice.at > at - slices), last]
    }
    last.total++
    const word = failureOf(attributes)
    if (word === undefined) return
    last.failed++
    known.output = word
  }

  of(provider: string): CallCounts {
    const known = this.#providers.get(provider)
    const oldest = Math.floor(elapsed() / sliceMs) - slices
    const counted = { total: 0, failed: 0, output: known?.output }
    for (const { at, total, failed } of known?.slices ?? []) {
      if (at <= oldest) continue
      counted.total += total
      counted.failed += failed
    }
    return counted
  }

  #begin(provider: string) {
    if (this.#providers.size >= mostProviders) return undefined
    const made: { slices: Slice[]; output?: string | undefined } = { slices: [] }
    this.#providers.set(provider, made)
    this.onProvider(provider)
    return made
  }
}

/** A request that the provider could not accept is no failure of the provider. */
function failureOf(attributes: Attributes): string | undefined {
  const type = attributes[ATTR_ERROR_TYPE]
  if (typeof type !== 'string') return undefined
  const code = attributes[ATTR_HTTP_RESPONSE_STATUS_CODE]
  const status = typeof code === 'number' ? code : /^\d{3}$/.test(type) ? Number(type) : undefined
  if (status === undefined) return wordOf({ code: type })
  const word = wordOfStatus(status)
  return word === 'protocol' ? undefined : word === undefined ? 'error' : word
}
