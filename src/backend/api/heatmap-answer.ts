// What `GET /api/afn/heatmap` answers.

export type HeatmapMeasure = 'duration' | 'cost'

/** `GET /api/afn/heatmap` */
export interface HeatmapAnswer {
  /** Seconds since 1970 at which the first step begins, the length of each in seconds, and how many there are. */
  readonly from: number
  readonly step: number
  readonly steps: number
  /** From the lowest values on, without gaps. */
  readonly rows: readonly {
    /** Nanoseconds, or USD. A value that is equal to `to` belongs to the next row. */
    readonly from: number
    readonly to: number
    /** A count for each step. */
    readonly spans: readonly number[]
    /** Those of them whose status is ERROR. */
    readonly failed: readonly number[]
  }[]
}
