// A counter that costs a call no more than an addition. Called by `tokens.ts` and `cost.ts`.
// OpenTelemetry's hashes all attributes on each `add`, 2 µs of an application's time, eight times a call. This one adds up here
// and is read when metrics are collected; what is exported is the same monotonic sum.
import type { Attributes, Meter, MetricOptions } from '@opentelemetry/api'

/** @returns adds to the series of these attributes, which are known by identity: see `series.ts` */
export function createSum(
  meter: Meter,
  name: string,
  options: MetricOptions,
): (amount: number, of: Attributes) => void {
  const sums = new Map<Attributes, number>()
  meter.createObservableCounter(name, options).addCallback(result => {
    for (const [attributes, sum] of sums) result.observe(sum, attributes)
  })
  return (amount, of) => void sums.set(of, (sums.get(of) ?? 0) + amount)
}
