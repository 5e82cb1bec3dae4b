// What a gateway in front of providers says in a header that the call cost. Called by `call.ts` when the call ends.
import type { CostTold, HeaderOf } from '../providers/protocol'

/** LiteLLM's proxy, USD: https://docs.litellm.ai/docs/proxy/response_headers. */
const COST = 'x-litellm-response-cost'

/**
 * Undefined for an answer that is streamed, whose headers are sent before anything is known; and for 0, which stands there
 * as well where the proxy knows no price.
 */
export function gatewayCost(header: HeaderOf, streamed: boolean): CostTold | undefined {
  const total = streamed ? 0 : Number(header(COST) ?? 0)
  return total > 0 && total < Number.POSITIVE_INFINITY ? { total } : undefined
}
