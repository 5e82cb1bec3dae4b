/** Checks whether spend can be tracked at all: unpriced calls and outdated prices make every budget and sum too low. */
import { LEAST_PRICED } from '../../backend/api/own/good-answer'
import type { Language } from '../../monitoring/alerts/config'
import type { Spend } from './spend'

/** Fewer unpriced calls per day are not reported. */
const FEW_CALLS = 10

/** The day on which `genai-prices@0.1.8` was published; a test compares the version with that of the table. */
export const PRICE_TABLE = { name: 'genai-prices@0.1.8', published: '2026-09-23' } as const

export interface BrokenTracking {
  /** Undefined if all services are affected. */
  readonly service: string | undefined
  readonly team?: string | undefined
  readonly environment?: string | undefined
  /** The outdated price table; reported once. */
  readonly table?: string
  /** One sentence, with figures. */
  readonly why: Readonly<Record<Language, string>>
}

/**
 * @param spends of the last day, by service, team and environment
 * @param now milliseconds since 1970
 * @param maxAge days
 */
export function brokenTracking(spends: readonly Spend[], now: number, maxAge: number): BrokenTracking[] {
  const broken: BrokenTracking[] = []
  for (const { labels, calls, unpriced } of spends) {
    const share = calls / (calls + unpriced)
    if (unpriced < FEW_CALLS || share >= LEAST_PRICED) continue
    broken.push({
      service: labels.service ?? 'unknown',
      team: labels.team,
      environment: labels.environment,
      why: {
        en: `${unpriced} of ${calls + unpriced} LLM calls in the last day have no price; at least ${LEAST_PRICED * 100} % need one`,
        ja: `直近一日の LLM 呼び出し ${calls + unpriced} 件のうち ${unpriced} 件に価格がありません（${LEAST_PRICED * 100} % 以上に必要です）`,
      },
    })
  }
  const age = Math.floor((now - Date.parse(PRICE_TABLE.published)) / 86_400_000)
  if (age > maxAge)
    broken.push({
      service: undefined,
      table: PRICE_TABLE.name,
      why: {
        en: `the price table ${PRICE_TABLE.name} is ${age} days old, older than ${maxAge} (price_table_max_age); update @afn/otel, or set new prices in AFN_PRICES and raise price_table_max_age`,
        ja: `価格表 ${PRICE_TABLE.name} は ${age} 日前のもので、許容は ${maxAge} 日です（price_table_max_age）。@afn/otel を更新するか、新しい価格を AFN_PRICES に書いて price_table_max_age を上げてください`,
      },
    })
  return broken
}
