// Counts the requests to model providers that were not recognized as calls.
import type { Attributes } from '@opentelemetry/api'
import {
  ATTR_AFN_LLM_UNOBSERVED_REASON,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
} from '../../../../semconv'
import { knownProviderOf } from '../providers/providers'
import type { Unobserved } from './unobserved'

export interface ProviderRequests extends Readonly<Unobserved> {
  /** Attributes of the metric. */
  readonly attributes: Attributes
}

/** Removes requests to hosts that are no providers. `last` has no query, and no path segments that may be ids. */
export function atProviders(seen: Map<string, Unobserved>): ProviderRequests[] {
  const found: ProviderRequests[] = []
  for (const [key, one] of seen) {
    const address = `https://${one.host}`
    const url = URL.canParse(address) ? new URL(address) : undefined
    const provider = url && knownProviderOf(url)
    if (!url || provider === undefined) {
      seen.delete(key)
      continue
    }
    const attributes = {
      [ATTR_GEN_AI_PROVIDER_NAME]: provider,
      [ATTR_SERVER_ADDRESS]: url.hostname,
      [ATTR_SERVER_PORT]: url.port ? Number(url.port) : undefined,
      [ATTR_AFN_LLM_UNOBSERVED_REASON]: one.reason,
    }
    found.push({ ...one, last: shown(one.last), attributes })
  }
  return found
}

function shown(last: string): string {
  return last.replace(/[?#].*$/s, '').replace(/\/[^/]*(?:\d[^/]*\d|[^/]{25})[^/]*(?=\/|$)/g, '/*')
}
