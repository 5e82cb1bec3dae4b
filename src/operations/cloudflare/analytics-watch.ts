// Reads and sends each minute once it is complete. The values of a minute are the same each time it is read. So after a restart within 15
// minutes, a watch sends what it may have sent before: nothing is lost or counted twice.
import {
  ATTR_AFN_CLOUDFLARE_DATASET,
  METRIC_AFN_CLOUDFLARE_LAG,
  METRIC_AFN_CLOUDFLARE_SAMPLE_INTERVAL,
  METRIC_OPTIONS_AFN_CLOUDFLARE_LAG,
  METRIC_OPTIONS_AFN_CLOUDFLARE_SAMPLE_INTERVAL,
} from '../../../semconv'
import { type AnalyticsOptions, completeMinutes, readAnalytics, type Settings, type Value } from './analytics'
import type { Client } from './client'

export interface WatchOptions extends Pick<AnalyticsOptions, 'zones' | 'accountId'> {
  /** @returns whether the values were accepted; if not, they are read and sent again */
  readonly send: (values: readonly Value[]) => Promise<boolean>
  /** ms since 1970 */
  readonly now: () => number
}

export interface Round {
  /** Whether all complete minutes were sent. */
  readonly isDone: boolean
  readonly missing: readonly string[]
}

/** Prometheus accepts samples up to 30 minutes late, as `afn-otel generate` configures it. */
const MOST_MINUTES = 15
/** Milliseconds until the plan is read again, because it may change. */
const SETTINGS_MS = 3_600_000
/** Maximum per request; some Collectors limit requests to 4 MB. */
const MOST_VALUES = 5_000

export class AnalyticsWatch {
  readonly #client: Client
  readonly #options: WatchOptions
  readonly #known = new Map<string, Settings>()
  #knownSince = 0
  /** End of the newest minute that was sent, in ms since 1970. */
  #sentTo = 0

  constructor(client: Client, options: WatchOptions) {
    this.#client = client
    this.#options = options
  }

  /** @throws ApiError if the token is invalid or the API does not answer */
  async round(): Promise<Round> {
    const { zones, accountId, send, now } = this.#options
    if (now() - this.#knownSince > SETTINGS_MS) {
      this.#known.clear()
      this.#knownSince = now()
    }
    const { from: oldest, to } = completeMinutes(MOST_MINUTES, now())
    const from = Math.max(oldest, this.#sentTo)
    if (from >= to) return { isDone: true, missing: [] }
    const found = await readAnalytics(this.#client, { zones, accountId, from, to, byMinute: true, known: this.#known })
    const values = [
      ...found.values.toSorted((a, b) => (a.at ?? 0) - (b.at ?? 0)),
      ...[...found.sampleIntervals].map(
        ([dataset, value]): Value => ({
          metric: METRIC_AFN_CLOUDFLARE_SAMPLE_INTERVAL,
          unit: METRIC_OPTIONS_AFN_CLOUDFLARE_SAMPLE_INTERVAL.unit,
          value,
          attributes: { [ATTR_AFN_CLOUDFLARE_DATASET]: dataset },
        }),
      ),
      {
        metric: METRIC_AFN_CLOUDFLARE_LAG,
        unit: METRIC_OPTIONS_AFN_CLOUDFLARE_LAG.unit,
        value: (now() - to) / 1_000,
        attributes: {},
      },
    ]
    for (let at = 0; at < values.length; at += MOST_VALUES)
      if (!(await send(values.slice(at, at + MOST_VALUES)))) return { isDone: false, missing: found.missing }
    this.#sentTo = to
    return { isDone: true, missing: found.missing }
  }
}
