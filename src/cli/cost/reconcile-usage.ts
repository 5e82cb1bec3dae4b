// The part of `afn-otel cost reconcile` that has sums of tokens before it: a report of usage by minute, hour or day.
import type { CostConfig } from '../../operations/cost/config'
import { modelKey } from '../../operations/cost/invoice/compare'
import { type BucketDifference, compareBuckets } from '../../operations/cost/witness/compare-buckets'
import { causes } from '../../operations/cost/witness/compare-calls'
import { ourCalls } from '../../operations/cost/witness/our-calls'
import type { UsageReport } from '../../operations/cost/witness/usage-report'
import { table } from '../../shared/queries/table'
import { print } from '../help'
import { json, plainText } from '../terminal'
import { sourcesOf } from './sources'

/** @returns the exit code, as the help of `reconcile` says @throws Error, BackendError */
export async function reconcileUsage(
  file: string,
  { provider, rows }: UsageReport,
  values: { readonly tempo?: string | undefined; readonly json: boolean },
  config: CostConfig,
): Promise<number> {
  if (rows.length === 0) throw new Error(`${file}: the report has no usage; export a time range with some`)
  const start = rows.reduce((least, row) => Math.min(least, row.start), Number.POSITIVE_INFINITY)
  const end = rows.reduce((most, row) => Math.max(most, row.end), 0)
  const backend = sourcesOf(values, config).traces
  const { calls, isPart } = await ourCalls({ start, end }, { backend, provider, modelOf: modelKey })
  const differences = compareBuckets(rows, calls)
  const notes = isPart ? ['one second has more traces than a search returns, so some of our calls are missing'] : []
  if (values.json) print(json({ provider, buckets: rows.length, calls: calls.length, differences, notes }, 2))
  else {
    console.error(
      `${file} of ${provider}, ${new Date(start).toISOString()} to ${new Date(end).toISOString()}, against ${backend.url}`,
    )
    for (const note of notes) console.error(`note: ${note}`)
    print(shown(differences, rows.length, calls.length).join('\n'))
  }
  return differences.length === 0 ? 0 : 3
}

function shown(differences: readonly BucketDifference[], buckets: number, calls: number): string[] {
  const signed = (value: number) => (value > 0 ? `+${value}` : String(value))
  const rows = differences.map(({ start, model, tier, cause, requests, counts, ours }) => [
    new Date(start).toISOString(),
    [model, tier].filter(Boolean).join(' '),
    requests === undefined ? '?' : signed(requests),
    `${signed(counts.input)} ${signed(counts.output)}`,
    cause,
    ours ? `${ours.service} ${ours.traceId}` : '',
  ])
  const named = new Set(differences.map(({ cause }) => cause))
  return [
    ...(rows.length > 0 ? [...table(['BUCKET', 'MODEL', 'CALLS', 'IN, OUT', 'CAUSE', 'CALL'], rows), ''] : []),
    ...Array.from(named, cause => `${cause}: ${causes[cause]}`),
    `${buckets} rows of the report against ${calls} calls; ${differences.length} differences`,
  ].map(line => plainText(line))
}
