/**
 * What a board is, whoever draws it. Every board comes into this form: the five of this package, and a user's own out of
 * `monitoring-config.json`. `grafana.ts` makes Grafana's JSON of it, and `lint.ts` judges it.
 */
/** Columns of the grid, as Grafana has them. */
export const COLUMNS = 24

/** In columns and rows of the grid; `x` and `y` from 0. */
export interface GridPos {
  readonly x: number
  readonly y: number
  readonly w: number
  readonly h: number
}

/**
 * Which Prometheus answers. `chosen`: that of the variable `datasource`. `high`: the one that has every sample, alerts and the
 * Collector's own metrics, for some days. `long`: the one that keeps a month, and has the records of the SLOs.
 */
export type Store = 'chosen' | 'high' | 'long'

export interface Query {
  /** PromQL, with Grafana's variables. */
  readonly expr: string
  /** With labels in double braces. Of a table the title of its column. */
  readonly legend: string
  /** Default `chosen`. */
  readonly store?: Store
  /** Points that lead to the trace of one observation. */
  readonly exemplars?: boolean
}

/** `good` and below; people who are colour-blind can distinguish the colours. */
export type Level = 'neutral' | 'good' | 'warning' | 'bad'

/** From which value on a level holds; the first step has no `from`. */
export interface Step {
  readonly from?: number
  readonly level: Level
}

/** A value that is shown as a word, such as the state of a check. */
export interface Word {
  readonly value: number
  readonly text: string
  readonly level: Level
}

export interface Link {
  readonly title: string
  readonly url: string
}

export interface TableColumn {
  readonly unit?: string
  readonly steps?: readonly Step[]
  readonly words?: readonly Word[]
  /** Digits behind the point. */
  readonly decimals?: number
}

/** `stat`: the last value, large. `bars`: a bar for each series. `table`: a row for each series, a column for each query. */
export const panelTypes = ['stat', 'timeseries', 'bars', 'table', 'heatmap'] as const
export type PanelType = (typeof panelTypes)[number]

export interface Panel {
  readonly type: PanelType
  readonly title: string
  /** What it says, and what to make of it. */
  readonly description: string
  readonly place: GridPos
  /** Of Grafana's ids, see `units.ts`. */
  readonly unit: string
  readonly queries: readonly Query[]
  readonly steps?: readonly Step[]
  readonly words?: readonly Word[]
  readonly links?: readonly Link[]
  readonly decimals?: number
  readonly min?: number
  readonly max?: number
  /** The areas of the series lie upon each other. */
  readonly stacked?: boolean
  /** The colour of a series by what its legend says: for series that are the same in each app. */
  readonly colours?: Readonly<Record<string, Colour>>
  /** Of this day, week or month so far, whatever time the board shows. */
  readonly since?: 'day' | 'week' | 'month'
  /** What stands there while there is no value. */
  readonly empty?: string
  /** Of a table: by the legend of a query. */
  readonly columns?: Readonly<Record<string, TableColumn>>
  /** Of a table: labels that are columns, with their titles, in this order. */
  readonly labels?: Readonly<Record<string, string>>
}

/** What a panel needs in addition to what apps send. */
export interface Need {
  /** Has a value where somebody makes it. */
  readonly expr: string
  /** What stands there otherwise. */
  readonly sentence: string
}

/** A line across the board, with the panels below it. */
export interface Row {
  readonly title: string
  readonly y: number
}

export interface Variable {
  readonly name: string
  readonly label: string
  /** PromQL of Grafana's own: `label_values(METRIC, LABEL)`. */
  readonly query: string
}

/** Marks in time, where a query has a value. */
export interface Annotation {
  readonly name: string
  readonly expr: string
  readonly title: string
  readonly level: Level
  readonly store: Store
}

export interface Board {
  /** Unique among all boards. */
  readonly uid: string
  /** IANA name: by whose clocks days, weeks and months begin. Default: the reader's. */
  readonly timeZone?: string
  readonly title: string
  readonly description: string
  readonly tags: readonly string[]
  /** Boards that have this tag are linked from this one, with its time and its variables. */
  readonly linked: string
  readonly variables: readonly Variable[]
  readonly annotations: readonly Annotation[]
  /** Links that change the time and the data source together. */
  readonly ranges: readonly Range[]
  readonly rows: readonly Row[]
  readonly panels: readonly Panel[]
  /** Words of the frame: the label of the variable for the data source. */
  readonly frame: { readonly datasource: string }
}

export interface Range {
  readonly title: string
  /** As in `now-30d`. */
  readonly from: string
  /** Uid of the data source. */
  readonly datasource: string
}

/**
 * Colours by name: those of Okabe and Ito, which people with any kind of colour blindness can distinguish. Grafana's own reds and greens
 * they can't.
 */
export const colours = {
  blue: '#0072B2',
  orange: '#E69F00',
  vermillion: '#D55E00',
  skyBlue: '#56B4E9',
  green: '#009E73',
  purple: '#CC79A7',
  grey: '#8E8E8E',
} as const
export type Colour = keyof typeof colours

/** Blue is good and vermillion is bad: these two differ in lightness, too. */
export const colourOf: Readonly<Record<Level, Colour>> = {
  neutral: 'grey',
  good: 'blue',
  warning: 'orange',
  bad: 'vermillion',
}

/** Two panels share a part of the grid. */
export const overlap = (a: GridPos, b: GridPos): boolean =>
  a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h
