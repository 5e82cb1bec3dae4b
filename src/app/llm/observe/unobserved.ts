// Requests that became no LLM call, so that none is dark in silence. The hosts of all requests are counted, since the table of
// providers is no part of the start: which of them are a provider's is looked up when somebody asks.
import {
  AFN_LLM_UNOBSERVED_REASON_VALUE_METHOD,
  AFN_LLM_UNOBSERVED_REASON_VALUE_NO_INFERENCE,
  AFN_LLM_UNOBSERVED_REASON_VALUE_PATH,
  AFN_LLM_UNOBSERVED_REASON_VALUE_WEBSOCKET,
} from '../../../../semconv'

export interface Unobserved {
  /** With its port, where the address has one. */
  readonly host: string
  /** `afn.llm.unobserved.reason` */
  readonly reason: string
  count: number
  /** Method and path of the last one, as they were sent. */
  last: string
}

/** Hosts times reasons. Those beyond wait until somebody asks, when all that are no provider's are forgotten. */
const MOST = 1_000
export const unobserved = new Map<string, Unobserved>()

/** What APIs of models have beside inference. */
const BESIDE =
  /\/(?:moderations|files|uploads|batches|batch|count_tokens|input_tokens|tokenize|detokenize|fine_tuning|fine-tuning|vector_stores|containers|skills|evals|conversations|cachedContents|threads|assistants|cancel|apply-guardrail)(?:[/?]|$)|(?::|%3A)(?:countTokens|computeTokens|batchGenerateContent|cancel)(?:\?|$)/i

/** Why a request that is at no protocol's path is no call. */
export function reasonOf(method: string, path: string, isUpgrade: boolean): string {
  if (isUpgrade) return AFN_LLM_UNOBSERVED_REASON_VALUE_WEBSOCKET
  if (method !== 'POST') return AFN_LLM_UNOBSERVED_REASON_VALUE_METHOD
  return BESIDE.test(path) ? AFN_LLM_UNOBSERVED_REASON_VALUE_NO_INFERENCE : AFN_LLM_UNOBSERVED_REASON_VALUE_PATH
}

export function countUnobserved(host: string, reason: string, method: string, path: string): void {
  const key = `${reason} ${host}`
  const known = unobserved.get(key)
  const last = `${method} ${path}`
  if (known) {
    known.count++
    known.last = last
  } else if (unobserved.size < MOST) unobserved.set(key, { host, reason, count: 1, last })
}
