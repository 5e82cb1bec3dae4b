// Requests to providers of models that became no LLM call, by what apps counted themselves into Prometheus.
import { METRIC_AFN_LLM_UNOBSERVED_REQUESTS } from '../../../semconv'
import { type Check, checksOf } from './check'
import { grownInADay } from './daily-growth'
import type { Vector } from './quality'

const metric = `${METRIC_AFN_LLM_UNOBSERVED_REQUESTS.replaceAll('.', '_')}_total`
/** What asks no model costs nothing to miss. */
const harmless = '{afn_llm_unobserved_reason!~"method|no_inference"}'

/** For Prometheus; a series for each host, reason and service within a day. */
export const unobservedOfADay = `sum by (server_address, afn_llm_unobserved_reason, job) (${grownInADay(metric + harmless)}) > 0`

const remedies: Readonly<Record<string, string>> = {
  path: 'no supported protocol has this path; status() in the app shows it',
  body: 'the body does not match the protocol of its path, or could not be read before sending',
  websocket: 'this WebSocket is not supported',
  suppressed: 'the app suppresses tracing around it',
}

/** @param result undefined when there was no answer */
export function unobservedCheck(result: Vector | undefined): Check {
  const { holds, fails, skips } = checksOf('Prometheus')
  const name = 'unobserved requests'
  if (!result) return skips(name, 'the query failed')
  if (result.length === 0)
    return holds(name, 'all provider requests of the last day were traced as LLM calls or did not call a model')
  const places = result.map(({ metric: labels, value }) => {
    const { server_address: host = 'unnamed', afn_llm_unobserved_reason: reason = '', job = 'unnamed' } = labels
    return `${Math.ceil(Number(value[1]))} to ${host} by ${job}${remedies[reason] ? ` (${remedies[reason]})` : ''}`
  })
  return fails(name, `requests of the last day were not traced as LLM calls: ${places.join('; ')}`)
}
