// Asks a Prometheus what Grafana asks it for a panel: with the variables filled in, for now or over a time.
import type { Panel } from '../../src/monitoring/dashboards/board'

export interface Series {
  readonly metric: Readonly<Record<string, string>>
  /** Without those that are no number. */
  readonly values: readonly number[]
}

/** Of the time that a board shows, in seconds. */
export interface Window {
  readonly range: number
  readonly rate: string
  readonly step: number
  /** A regular expression; of every service without one. */
  readonly service?: string
}

const DAY = 86_400

/** A panel of a month shows more of it than the forecast needs. */
const rangeOf = ({ since }: Panel, { range }: Window): number =>
  since === 'month' ? 20 * DAY : since === 'day' ? DAY / 2 : range

export function filledIn(expr: string, panel: Panel, window: Window): string {
  const range = rangeOf(panel, window)
  const variables: Record<string, string> = {
    __rate_interval: window.rate,
    __range_s: String(range),
    __range: `${range}s`,
    service: window.service ?? '.*',
    environment: '.*',
  }
  return expr.replace(/\$(\w+)/g, (place, name: string) => variables[name] ?? place)
}

interface Result {
  readonly metric: Readonly<Record<string, string>>
  readonly value?: readonly [number, string]
  readonly values?: readonly (readonly [number, string])[]
}

interface Answer {
  readonly result: readonly Result[]
  readonly stats: { readonly samples: { readonly totalQueryableSamples: number } }
}

async function answerOf(url: string, panel: Panel, expr: string, window: Window): Promise<Answer> {
  const isOfNow = ['stat', 'bars', 'table'].includes(panel.type)
  const now = Date.now() / 1_000
  const parameters = new URLSearchParams({
    query: filledIn(expr, panel, window),
    stats: 'true',
    ...(isOfNow
      ? { time: String(now) }
      : { start: String(now - window.range), end: String(now), step: String(window.step) }),
  })
  const response = await fetch(`${url}/api/v1/${isOfNow ? 'query' : 'query_range'}`, {
    method: 'POST',
    body: parameters,
  })
  const { data, error } = (await response.json()) as { data: Answer; error?: string }
  if (error !== undefined) throw new Error(`${panel.title}: ${error}`)
  return data
}

/** As Prometheus says it. */
export const resultsOf = async (...query: Parameters<typeof answerOf>): Promise<readonly Result[]> =>
  (await answerOf(...query)).result

/** How many samples it looked at. */
export const samplesOf = async (...query: Parameters<typeof answerOf>): Promise<number> =>
  (await answerOf(...query)).stats.samples.totalQueryableSamples

export async function ask(url: string, panel: Panel, expr: string, window: Window): Promise<Series[]> {
  const results = await resultsOf(url, panel, expr, window)
  return results
    .map(({ metric, value, values }) => ({
      metric,
      values: (values ?? (value ? [value] : []))
        .map(([, text]) => Number(text))
        .filter(number => !Number.isNaN(number)),
    }))
    .filter(({ values }) => values.length > 0)
}
