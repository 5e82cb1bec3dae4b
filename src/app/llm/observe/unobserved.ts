// Counts requests that were not recognized as LLM calls, so that missing calls are noticed. All hosts are counted, because the table of
// providers is not part of the start; providers are looked up when the counts are read.
import {
  AFN_LLM_UNOBSERVED_REASON_VALUE_METHOD,
  AFN_LLM_UNOBSERVED_REASON_VALUE_NO_INFERENCE,
  AFN_LLM_UNOBSERVED_REASON_VALUE_PATH,
  AFN_LLM_UNOBSERVED_REASON_VALUE_WEBSOCKET,
} from '../../../../semconv'

export interface Unobserved {
  /** Includes the port, if the URL has one. */
  readonly host: string
  /** `afn.llm.unobserved.reason` */
  readonly reason: string
  count: number
  /** Method and path of the last request, as sent. */
  last: string
}

/** Maximum combinations of host and reason. If exceeded, hosts that are not providers are removed when the counts are next read. */
const MOST = 1_000
export const unobserved = new Map<string, Unobserved>()

/** Paths of model APIs other than inference. */
const BESIDE =
  /\/(?:moderations|files|uploads|batches|batch|count_tokens|input_tokens|tokenize|detokenize|fine_tuning|fine-tuning|vector_stores|containers|skills|evals|conversations|cachedContents|threads|assistants|cancel|apply-guardrail)(?:[/?]|$)|(?::|%3A)(?:countTokens|computeTokens|batchGenerateContent|cancel)(?:\?|$)/i

/** Why a request whose path matches no protocol is not a call. */
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
