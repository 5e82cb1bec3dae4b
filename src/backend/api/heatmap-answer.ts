// What `GET /api/afn/heatmap` answers.

export type HeatmapMeasure = 'duration' | 'cost'

/** `GET /api/afn/heatmap` */
export interface HeatmapAnswer {
  /** The start of the first step in seconds since 1970, the length of a step in seconds, and their number. */
  readonly from: number
  readonly step: number
  readonly steps: number
  /** In ascending order, without gaps. */
  readonly rows: readonly {
    /** Nanoseconds or USD. A value equal to `to` belongs to the next row. */
    readonly from: number
    readonly to: number
    /** Number of spans by step. */
    readonly spans: readonly number[]
    /** How many of them have the status ERROR. */
    readonly failed: readonly number[]
  }[]
}
