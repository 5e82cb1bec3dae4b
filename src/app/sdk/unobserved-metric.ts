// Requests to hosts of providers that became no LLM call, as a metric and for the status.
import type { Meter } from '@opentelemetry/api'
import { METRIC_AFN_LLM_UNOBSERVED_REQUESTS, METRIC_OPTIONS_AFN_LLM_UNOBSERVED_REQUESTS } from '../../../semconv'
import { loadChunk } from '../chunks'
import { unobserved } from '../llm/observe/unobserved'
import type { ProviderRequests } from '../llm/observe/unobserved-at-providers'

/** Loads the table of providers when there is a request of which to ask; without it nothing is said. */
function atProviders(): readonly ProviderRequests[] {
  if (unobserved.size === 0) return []
  try {
    return loadChunk('unobserved').atProviders(unobserved)
  } catch {
    return []
  }
}

export function countUnobservedRequests(meter: Meter): void {
  meter
    .createObservableCounter(METRIC_AFN_LLM_UNOBSERVED_REQUESTS, METRIC_OPTIONS_AFN_LLM_UNOBSERVED_REQUESTS)
    .addCallback(result => {
      for (const { count, attributes } of atProviders()) result.observe(count, attributes)
    })
}

export const unobservedStatus = () =>
  atProviders().map(({ host, reason, count, last }) => ({ host, reason, count, last }))
