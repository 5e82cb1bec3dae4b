// Spans of time, as Tempo and Prometheus write them and as a reader wants them.

const units: Readonly<Record<string, number>> = {
  ms: 0.001,
  s: 1,
  m: 60,
  h: 3_600,
  d: 86_400,
  w: 604_800,
  y: 31_536_000,
}

/** Seconds of `72h0m0s`, `3d` or `1w`; undefined for anything else. */
export function secondsOfSpan(text: string): number | undefined {
  if (!/^(?:\d{1,9}(?:ms|[smhdwy])){1,7}$/.test(text)) return undefined
  return [...text.matchAll(/(\d+)(ms|[smhdwy])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * units[unit!]!,
    0,
  )
}

/** Whole units, the largest that there is one of: 3 h. */
export function spanOfSeconds(seconds: number): string {
  const unit = ['d', 'h', 'm'].find(unit => seconds >= units[unit]!) ?? 's'
  return `${Math.floor(seconds / units[unit]!)} ${unit}`
}
