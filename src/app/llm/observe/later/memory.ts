// What this process knows of answers that come later: where they began, and which of them were counted. A poller asks for the
// same answer again and again, and a file of results is read twice.
import type { SpanContext } from '@opentelemetry/api'
import { ATTR_AFN_LLM_UNPRICED_CAUSE } from '../../../../../semconv'
import type { ParsedRequest, ParsedResponse } from '../../providers/protocol'

/** Where an answer, a batch or a file of results began. */
export interface Origin {
  readonly context?: SpanContext | undefined
  /** The model that was requested. */
  readonly model?: string | undefined
  /** What the request has that is charged otherwise, and no answer says. */
  readonly unpriced?: string | undefined
  /** The batch that a file belongs to. */
  readonly batch?: string | undefined
}

/** Ids remembered; beyond them the oldest are forgotten. */
const MOST = 10_000
/** Of an id that a provider gives. */
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
 * Takes an answer, once.
 * @param of its id, or that of the list in which it stands
 * @param at its place there. A list that is read again has its answers in the places that they had
 * @returns false where it was taken before
 */
export function take(of: string, at = 0): boolean {
  if (at < (counted.get(of) ?? 0)) return false
  put(counted, of, at + 1)
  return true
}

/**
 * Whether the answer of a call is still to come, and is then fetched by its id. What was counted with the call is not counted
 * again when it is fetched.
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

/** LLM calls go to this host: what looks like a later answer there is one, whoever runs it. */
export function called(host: string): void {
  if (!hosts.has(host)) put(hosts, host, true)
}

export function isCalled(host: string): boolean {
  return hosts.has(host)
}
