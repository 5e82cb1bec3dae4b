// The answers of a panel as series with names, as rows of a table, and as buckets of a heatmap.
import type { Level, Panel, Step, TableColumn, Word } from '../../../../monitoring/dashboards/board'
import type { Labels, PrometheusSeries } from './panel-queries'

export interface NamedSeries {
  readonly name: string
  /** Seconds since 1970, and what is a number there. */
  readonly points: readonly (readonly [number, number])[]
  readonly last: number
}

/** Series that have a number. Two of one name are distinguished by a number. */
export function seriesOf(panel: Panel, found: readonly (readonly PrometheusSeries[])[]): NamedSeries[] {
  const all = panel.queries.flatMap(({ legend }, index) =>
    (found[index] ?? []).map(one => ({ name: legendOf(legend, one.metric) || one, points: pointsOf(one) })),
  )
  const shown = all.filter(({ points }) => points.length > 0)
  const taken = new Map<string, number>()
  return shown.map(({ name, points }) => {
    const text = typeof name === 'string' ? name : shown.length === 1 ? panel.title : labelsText(name.metric)
    const count = (taken.get(text) ?? 0) + 1
    taken.set(text, count)
    return { name: count > 1 ? `${text} (${count})` : text, points, last: points.at(-1)![1] }
  })
}

export const legendOf = (legend: string, metric: Labels): string =>
  legend.replace(/\{\{\s*([\w.]+)\s*\}\}/g, (_, label: string) => metric[label] ?? '').trim()

const labelsText = (metric: Labels): string =>
  `{${Object.entries(metric)
    .map(([name, value]) => `${name}="${value}"`)
    .join(', ')}}`

export const pointsOf = ({ value, values }: PrometheusSeries): (readonly [number, number])[] =>
  (values ?? (value ? [value] : [])).flatMap(([time, text]) => {
    const number = numberIn(text)
    return Number.isNaN(number) ? [] : [[time, number] as const]
  })

/** Prometheus writes infinity as `+Inf`. */
const numberIn = (text: string): number =>
  text.endsWith('Inf') ? (text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY) : Number(text)

export interface TableRow {
  readonly labels: readonly string[]
  /** One for each query. */
  readonly values: readonly (number | undefined)[]
}

/** Labels as columns, and then the queries: what has the same labels is one row. */
export function tableOf(
  panel: Panel,
  found: readonly (readonly PrometheusSeries[])[],
): { titles: string[]; rows: TableRow[] } {
  const { labels = {} } = panel
  // without a choice of labels all of them distinguish the rows
  const names = Object.keys(labels).length > 0 ? Object.keys(labels) : labelsIn(found)
  const rows = new Map<string, (number | undefined)[]>()
  for (const [query, series] of found.entries()) {
    const before = new Map<string, number>()
    for (const { metric, value } of series) {
      const own = JSON.stringify(names.map(name => metric[name] ?? ''))
      const nth = before.get(own) ?? 0
      before.set(own, nth + 1)
      const key = JSON.stringify([own, nth])
      const row = rows.get(key) ?? panel.queries.map(() => undefined)
      const number = value ? numberIn(value[1]) : Number.NaN
      if (!Number.isNaN(number)) row[query] = number
      rows.set(key, row)
    }
  }
  return {
    titles: names.map(name => labels[name] ?? name),
    rows: [...rows].map(([key, values]) => ({ labels: JSON.parse(JSON.parse(key)[0]), values })),
  }
}

const labelsIn = (found: readonly (readonly PrometheusSeries[])[]): string[] =>
  [...new Set(found.flatMap(series => series.flatMap(({ metric }) => Object.keys(metric))))].filter(
    name => name !== '__name__',
  )

export interface Buckets {
  /** Seconds since 1970, ascending. */
  readonly times: readonly number[]
  /** From the lowest on: the edges of each bucket, and its count at each time. */
  readonly rows: readonly { readonly from: number; readonly to: number; readonly counts: readonly number[] }[]
}

/** Each `le` counts all below it, too. Rows at both ends in which nothing ever fell are left out. */
export function bucketsOf(found: readonly (readonly PrometheusSeries[])[]): Buckets {
  const edges = found
    .flat()
    .filter(({ metric }) => metric.le !== undefined)
    .map(one => ({ to: numberIn(one.metric.le!), points: new Map(pointsOf(one)) }))
    .toSorted((a, b) => a.to - b.to)
  const times = [...new Set(edges.flatMap(({ points }) => [...points.keys()]))].toSorted((a, b) => a - b)
  const rows = edges.map(({ to, points }, index) => {
    const below = edges[index - 1]
    const counts = times.map(time => Math.max(0, (points.get(time) ?? 0) - (below?.points.get(time) ?? 0)))
    return { from: below?.to ?? 0, to, counts }
  })
  const isUsed = ({ counts }: (typeof rows)[number]) => counts.some(count => count > 0)
  return { times, rows: rows.slice(rows.findIndex(isUsed), rows.findLastIndex(isUsed) + 1) }
}

/** What a value is by a panel's or a column's own words and steps; undefined where it has none. */
export function judged(
  value: number,
  { steps, words }: Pick<TableColumn, 'steps' | 'words'>,
): { readonly level: Level; readonly text?: string } | undefined {
  const word = words?.find((one: Word) => one.value === value)
  if (word) return { level: word.level, text: word.text }
  const step = steps?.findLast(({ from }: Step) => from === undefined || value >= from)
  return step && { level: step.level }
}
