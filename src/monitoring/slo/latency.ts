/** The threshold of a latency SLI, for the complete reader and for the SDK, which cannot afford to load that reader. */
import type { FileSli } from './schema'
import type { LatencySli } from './spec'

/** @param latency from a file that matches the schema */
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

/** Units other than times count as seconds. */
function inUnit(duration: string, unit: string): number {
  const [, value, suffix] = /^([0-9.]+)([a-z]+)$/.exec(duration) as unknown as [string, string, string]
  return Number(((Number(value) * secondsIn[suffix]!) / (secondsIn[unit] ?? 1)).toPrecision(12))
}
