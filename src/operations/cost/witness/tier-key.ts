/** Normalises the tiers of a call into one text, independent of their order; '' is the standard tier. */
import { tiersOf } from '../../../app/llm/report/cost/service-tier'

export const tierKey = (tier: string | undefined): string => tiersOf(tier).toSorted().join(',')
