/** What the threshold of a latency SLI says, for the reader of whole files and for the SDK, whose start can't wait for that one. */
import type { FileSli } from './schema'
import type { LatencySli } from './spec'

/** @param latency as it stands in a file that fits the schema */
export function latencyOf({
  metric,
  unit = 's',
  threshold,
  native = false,
}: NonNullable<FileSli['latency']>): Pick<LatencySli, 'metric' | 'threshold'> {
  return {
    metric: { name: metric, unit, type: native ? 'native' : 'histogram' },
    threshold: typeof threshold === 'number' ? threshold : inUnit(threshold, unit),
  }
}

const secondsIn: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  min: 60,
  h: 3_600,
  d: 86_400,
}

/** A unit that is no time is taken for seconds. */
function inUnit(duration: string, unit: string): number {
  const [, value, suffix] = /^([0-9.]+)([a-z]+)$/.exec(duration) as unknown as [string, string, string]
  return Number(((Number(value) * secondsIn[suffix]!) / (secondsIn[unit] ?? 1)).toPrecision(12))
}
