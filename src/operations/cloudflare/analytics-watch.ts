// Reads each minute once it is complete, and sends it. A value is the same however often its minute is read, so a watch that was ended and
// starts again sends what it may have sent before: nothing is counted twice, and 15 minutes may pass between both.
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
  /** @returns whether they were taken; otherwise they are read and sent again */
  readonly send: (values: readonly Value[]) => Promise<boolean>
  /** ms since 1970 */
  readonly now: () => number
}

export interface Round {
  /** Whether all that is complete was sent. */
  readonly isDone: boolean
  readonly missing: readonly string[]
}

/** Prometheus takes samples that are 30 minutes late, as `afn-otel generate` sets it. */
const MOST_MINUTES = 15
/** A plan changes now and then. */
const SETTINGS_MS = 3_600_000
/** Of one request; some Collectors take 4 MB and no more. */
const MOST_VALUES = 5_000

export class AnalyticsWatch {
  readonly #client: Client
  readonly #options: WatchOptions
  readonly #known = new Map<string, Settings>()
  #knownSince = 0
  /** The end of the newest minute that was sent; ms since 1970. */
  #sentTo = 0

  constructor(client: Client, options: WatchOptions) {
    this.#client = client
    this.#options = options
  }

  /** @throws ApiError where the token is invalid, or there is no answer */
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
