// Durations as Prometheus and Tempo write them: https://prometheus.io/docs/prometheus/latest/querying/basics/#float-literals-and-time-durations

/** Seconds of a unit. A day has 24 hours, a year 365 days. */
export const secondsPer = { ms: 0.001, s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800, y: 31_536_000 } as const

/** @returns seconds of `72h0m0s`, `3d` or `1h30m`; undefined for anything else */
export function parseDuration(text: string): number | undefined {
  if (!/^(?:\d+(?:ms|[smhdwy]))+$/.test(text)) return undefined
  let milliseconds = 0
  for (const [, digits, unit] of text.matchAll(/(\d+)(ms|[smhdwy])/g))
    milliseconds += Math.round(Number(digits) * secondsPer[unit as keyof typeof secondsPer] * 1_000)
  return milliseconds / 1_000
}
