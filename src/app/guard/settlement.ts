// What a call has cost, as far as its span tells when it ends.

import type { Attributes } from '@opentelemetry/api'
import { ATTR_AFN_LLM_RESPONSE_COMPLETE, ATTR_ERROR_TYPE, ATTR_HTTP_RESPONSE_STATUS_CODE } from '../../../semconv'
import type { Pricer } from '../llm/report/cost/pricer'
import { takeHostedCalls } from '../llm/spans/hosted-calls'
import { readCall } from '../llm/spans/read-call'
import type { LlmSpan } from '../llm/spans/span'
import type { Usage } from '../llm/usage'

/** Errors before which no byte of a request is sent. */
const NEVER_SENT =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_\w+|DEPTH_ZERO\w+|SELF_SIGNED\w+|UNABLE_TO_\w+|ERR_TLS_\w+)$/

/**
 * USD; undefined where nobody can tell, and the bound has to stand for it.
 * @param counts those of the span
 * @param most tokens that the answer can have had, of which not all came if it was cut off
 */
export function costOf(
  pricer: Pricer,
  attributes: Readonly<Attributes>,
  counts: Usage,
  most: number,
): number | undefined {
  const own = { ...attributes }
  const hosted = takeHostedCalls({ attributes: own, own: () => own } as LlmSpan)
  const isCut = attributes[ATTR_AFN_LLM_RESPONSE_COMPLETE] === false
  const usage = isCut && counts.output !== undefined ? { ...counts, output: Math.max(counts.output, most) } : counts
  const cost = priced(pricer, own, usage)
  if (cost !== undefined) {
    const others = hosted.map(({ attributes }) => priced(pricer, attributes))
    return others.some(one => one === undefined) ? undefined : others.reduce<number>((sum, one) => sum + one!, cost)
  }
  const status = attributes[ATTR_HTTP_RESPONSE_STATUS_CODE]
  if (typeof status === 'number') return status >= 400 ? 0 : undefined
  return NEVER_SENT.test(String(attributes[ATTR_ERROR_TYPE])) ? 0 : undefined
}

function priced(pricer: Pricer, attributes: Attributes, usage?: Usage): number | undefined {
  const call = readCall(attributes, usage)
  if (!call) return undefined
  // its span has no cost, since the conventions have no such operation, and a budget has to hold all the same
  call.isModelCall ||= call.operation === 'rerank'
  if (call.cost === undefined) pricer.price({ call, attributes, endTime: [Date.now() / 1_000, 0], own: () => ({}) })
  const total = call.cost?.total
  return typeof total === 'number' && Number.isFinite(total) && total >= 0 ? total : undefined
}
