// Remembers answers that are fetched later: where they were requested, and which were counted. A poller requests the same answer
// repeatedly, and a result file may be read twice.
import type { SpanContext } from '@opentelemetry/api'
import { ATTR_AFN_LLM_UNPRICED_CAUSE } from '../../../../../semconv'
import type { ParsedRequest, ParsedResponse } from '../../providers/protocol'

/** Where an answer, a batch or a file of results was requested. */
export interface Origin {
  readonly context?: SpanContext | undefined
  /** The model that was requested. */
  readonly model?: string | undefined
  /** A property of the request that changes its price and is not part of the answer. */
  readonly unpriced?: string | undefined
  /** The batch that a file belongs to. */
  readonly batch?: string | undefined
}

/** Maximum ids remembered; the oldest are removed first. */
const MOST = 10_000
/** Maximum characters of a provider's id. */
const LONGEST = 1_024

const origins = new Map<string, Origin>()
const counted = new Map<string, number>()
const hosts = new Map<string, true>()

function put<Value>(into: Map<string, Value>, key: string, value: Value): void {
  if (key.length > LONGEST) return
  if (into.size >= MOST && !into.has(key)) into.delete(into.keys().next().value as string)
  into.set(key, value)
}

export function began(id: string, origin: Origin): void {
  put(origins, id, origin)
}

export function originOf(id: string): Origin | undefined {
  return origins.get(id)
}

/**
 * Marks an answer as counted.
 * @param of its id, or that of the list that contains it
 * @param at its position in the list, which is the same each time the list is read
 * @returns false if it was already counted
 */
export function take(of: string, at = 0): boolean {
  if (at < (counted.get(of) ?? 0)) return false
  put(counted, of, at + 1)
  return true
}

/**
 * Whether the answer of a call will be fetched later by its id. Usage that was counted with the call is not counted again when the answer
 * is fetched.
 * @param isWhole whether the answer was read to its end
 */
export function comesLater(
  { id, pending, usage }: ParsedResponse,
  request: ParsedRequest | undefined,
  isWhole: boolean,
  context: SpanContext,
): boolean {
  if (id === undefined) return false
  if (usage && pending !== undefined) take(id)
  if (usage || !(pending || (request?.background === true && !isWhole))) return false
  const unpriced = request?.attributes[ATTR_AFN_LLM_UNPRICED_CAUSE] as string | undefined
  began(id, { context, model: request?.model, unpriced })
  return true
}

/**
 * Marks a host that receives LLM calls: a response there that looks like a later answer is treated as one, even if the provider is unknown.
 */
export function called(host: string): void {
  if (!hosts.has(host)) put(hosts, host, true)
}

export function isCalled(host: string): boolean {
  return hosts.has(host)
}
