// Numbers over time, as a chart wants them.

export interface ChartSeries {
  readonly key: string
  /** Seconds since 1970, and the value there. */
  readonly points: readonly (readonly [number, number])[]
  /** Of a query for one number. */
  readonly value?: number | undefined
}

export interface Aligned {
  /** Seconds, each once, ascending. */
  readonly times: number[]
  /** A value for each time; null where a series has none. */
  readonly series: { readonly key: string; readonly values: (number | null)[] }[]
}

export function aligned(series: readonly ChartSeries[]): Aligned {
  const times = [...new Set(series.flatMap(({ points }) => points.map(([time]) => time)))].sort((a, b) => a - b)
  return {
    times,
    series: series.map(({ key, points }) => {
      const values = new Map(points)
      return { key, values: times.map(time => values.get(time) ?? null) }
    }),
  }
}

/** With a 0 at each time at which another series has a value: a sum is 0 where nothing happened. */
export function withZeros<Series extends ChartSeries>(series: readonly Series[]): Series[] {
  const times = [...new Set(series.flatMap(({ points }) => points.map(([time]) => time)))]
  return series.map(one => {
    const values = new Map(one.points)
    return { ...one, points: times.map(time => [time, values.get(time) ?? 0] as const) }
  })
}

/** Each series on top of the one before; a gap counts as 0. */
export function stacked(series: readonly (readonly (number | null)[])[]): number[][] {
  const sums: number[] = []
  return series.map(values =>
    values.map((value, index) => {
      sums[index] = (sums[index] ?? 0) + (value ?? 0)
      return sums[index]
    }),
  )
}

export interface Summary {
  readonly sum: number
  readonly mean: number
  readonly max: number
  readonly last: number
}

/** @returns undefined for a series without points */
export function summaryOf({ points }: ChartSeries): Summary | undefined {
  if (points.length === 0) return undefined
  const values = points.map(([, value]) => value)
  const sum = values.reduce((total, value) => total + value, 0)
  return { sum, mean: sum / values.length, max: values.reduce((a, b) => Math.max(a, b)), last: values.at(-1)! }
}
