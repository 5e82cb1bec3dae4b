// Which traces a request may see: those of a tier, where it names one of Tempo's tenants.

import { tenantOf } from '../../../queries/tenants'
import { retention, type TraceTier } from '../../../tiers'

const tiers = Object.keys(retention.traces) as TraceTier[]

/**
 * @param header `X-Scope-OrgID`, such as `afn-sampled|afn-errors`
 * @returns the lowest tier that is named: the tiers nest, so it holds the others; `detailed` is everything
 */
export function tierOfTenant(header: string | undefined): TraceTier {
  const tenants = header?.split('|') ?? []
  return tiers.find(tier => tenants.includes(tenantOf(tier))) ?? 'detailed'
}
