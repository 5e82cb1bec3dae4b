/** Tiers of a call in one word, in whatever order they were said; '' is the standard one. */
import { tiersOf } from '../../../app/llm/report/cost/service-tier'

export const tierKey = (tier: string | undefined): string => tiersOf(tier).toSorted().join(',')
