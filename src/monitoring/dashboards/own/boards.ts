/** A user's own boards, out of the form of their file into that of all boards. */
import { type Board, COLUMNS, type GridPos, type Panel, type PanelType, type Query, type Row } from '../board'
import { boardsOf, frameOf, type MetricRetention } from '../boards'
import { common } from '../boards/frame'
import {
  level,
  quantile,
  quantileOfAll,
  quotable,
  rate,
  type Scope,
  selector,
  total,
  type Where,
} from '../metric-queries'
import { labelOf, metricNamed } from '../metrics'
import type { Condition, OwnBoard, OwnMetric, OwnPanel, OwnQuery } from './file'

/** @param kept see `boardsOf` */
export function ownBoard(own: OwnBoard, kept: MetricRetention): Board {
  const { uid, title, description = title, language = 'en', based_on: name, panels } = own
  const base = name === undefined ? undefined : boardsOf(language, kept)[name]
  const top = Math.max(0, ...(base?.panels ?? []).map(({ place }) => place.y + place.h))
  const row: Row = { title, y: top }
  return {
    ...common(frameOf(language, kept)),
    uid,
    title,
    description,
    rows: base ? [...base.rows, row] : [],
    panels: [...(base?.panels ?? []), ...placed(panels, base ? top + 1 : 0)],
  }
}

const sizes: Readonly<Record<PanelType, { readonly w: number; readonly h: number }>> = {
  stat: { w: 4, h: 4 },
  timeseries: { w: 8, h: 8 },
  bars: { w: 8, h: 8 },
  table: { w: 12, h: 8 },
  heatmap: { w: 12, h: 8 },
}

/** Those without a place stand behind each other, below all that have one. */
function placed(panels: readonly OwnPanel[], top: number): Panel[] {
  let [x, tallest] = [0, 0]
  let y = Math.max(0, ...panels.map(({ place }) => (place ? place.y + place.h : 0)))
  return panels.map(panel => {
    const { place, type } = panel
    if (place) return panelOf(panel, { ...place, y: place.y + top })
    const { w, h } = sizes[type]
    if (x + w > COLUMNS) [x, y, tallest] = [0, y + tallest, 0]
    const made = panelOf(panel, { x, y: y + top, w, h })
    x += w
    tallest = Math.max(tallest, h)
    return made
  })
}

function panelOf({ queries, thresholds, description, ...panel }: OwnPanel, place: GridPos): Panel {
  const { type, title } = panel
  const made = queries.map(query => queryOf(query, type))
  // a table has a column for each label that its series differ by
  const labels = queries.flatMap(query => ('metric' in query ? (query.by ?? []) : []))
  return {
    ...panel,
    description: description ?? title,
    place,
    queries: made,
    ...(thresholds && { steps: thresholds }),
    ...(type === 'table' && { labels: Object.fromEntries(labels.map(label => [labelOf(label), label])) }),
  }
}

const queryOf = (query: OwnQuery, type: PanelType): Query => ({
  expr: 'query' in query ? query.query : exprOf(query, type),
  legend: query.legend ?? ('query' in query ? '' : legendOf(query)),
  ...(query.store && { store: query.store }),
})

const legendOf = ({ by = [], show }: OwnMetric): string =>
  by.length === 0 ? show : by.map(attribute => `{{${labelOf(attribute)}}}`).join(' ')

const whereOf = ([attribute, condition]: [string, Condition]): Where => {
  if (typeof condition === 'string') return { attribute, operator: '=', value: quotable(condition) }
  return 'regex' in condition
    ? { attribute, operator: '=~', value: quotable(condition.regex) }
    : { attribute, operator: '!=', value: quotable(condition.not) }
}

function exprOf({ metric: name, show, by, where }: OwnMetric, type: PanelType): string {
  const metric = metricNamed(name)!
  const scope: Scope = { ...(by && { by }), ...(where && { where: Object.entries(where).map(whereOf) }) }
  if (type === 'heatmap')
    return `sum by (le) (increase(${selector(metric, scope.where ?? [], 'bucket')}[$__rate_interval]))`
  if (show === 'last') return level(metric, scope)
  if (show === 'rate') return rate(metric, scope)
  if (show === 'total') return total(metric, scope)
  const q = Number(show.slice(1)) / 100
  return type === 'timeseries' ? quantile(q, metric, scope) : quantileOfAll(q, metric, scope)
}
