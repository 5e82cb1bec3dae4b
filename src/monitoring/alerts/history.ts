/** Which alert fired when, from the series `ALERTS` that Prometheus keeps of each rule. */
import { type Backend, getJson } from '../../shared/queries/http'
import type { TimeRange } from '../../shared/queries/window'

export interface Firing {
  readonly labels: Readonly<Record<string, string>>
  /** Seconds since 1970. */
  readonly from: number
  /** Seconds since 1970; undefined while it fires. */
  readonly until: number | undefined
}

/** Prometheus gives 11,000 points of a series at most. */
const MOST_POINTS = 10_000
const SHORTEST_STEP = 1

interface MatrixResponse {
  readonly data: { readonly result: readonly { metric: Record<string, string>; values: [number, string][] }[] }
}

/** @returns newest first. @throws BackendError */
export async function firings(prometheus: Backend, window: TimeRange): Promise<Firing[]> {
  const step = Math.max(SHORTEST_STEP, Math.ceil((window.end - window.start) / MOST_POINTS))
  const query = 'ALERTS{alertstate="firing"}'
  const parameters = { query, start: String(window.start), end: String(window.end), step: String(step) }
  const { data } = (await getJson(prometheus, 'api/v1/query_range', parameters)) as MatrixResponse
  return data.result
    .flatMap(({ metric, values }) =>
      runsOf(
        values.map(([seconds]) => seconds),
        step,
        window.end,
      ).map(run => ({ labels: withoutState(metric), ...run })),
    )
    .toSorted((a, b) => b.from - a.from)
}

/** Points without a gap are one firing. One that reaches the end goes on. */
function runsOf(times: readonly number[], step: number, end: number): { from: number; until: number | undefined }[] {
  const runs: { from: number; until: number | undefined }[] = []
  let from: number | undefined
  for (const [index, time] of times.entries()) {
    from ??= time
    const next = times[index + 1]
    if (next !== undefined && next - time <= step * 1.5) continue
    const isLast = next === undefined && end - time <= step * 1.5
    runs.push({ from, until: isLast ? undefined : time + step })
    from = undefined
  }
  return runs
}

const withoutState = ({ __name__: _, alertstate: __, ...labels }: Record<string, string>) => labels
