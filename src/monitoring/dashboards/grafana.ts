/**
 * Grafana's JSON of a board, in the classic form (schema 42) that every Grafana from 9 on reads. Its types are Grafana's own, of
 * `@grafana/grafana-foundation-sdk`: nothing of that package is in what this one ships, see docs/decisions.
 */
import type * as dashboard from '@grafana/grafana-foundation-sdk/dashboard'
import type * as prometheus from '@grafana/grafana-foundation-sdk/prometheus'
import {
  type Annotation,
  type Board,
  colourOf,
  colours,
  type Panel,
  type Query,
  type Store,
  type Variable,
} from './board'
import { panelOf } from './grafana-panel'
import type { Json } from './grafana-types'

/** Where the samples are: uids of data sources. */
export interface Stores {
  /** What the variable `datasource` says first. */
  readonly high: string
  /** Has a month, and the records of the SLOs. */
  readonly long: string
}

/** The variable that names the data source of a query. An operator whose data sources have other uids chooses them there. */
const variableOf: Readonly<Record<Store, string>> = {
  chosen: 'datasource',
  high: 'datasource_high',
  long: 'datasource_long',
}

export const sourceOf = (store: Store = 'chosen') => ({ type: 'prometheus', uid: `\${${variableOf[store]}}` })

export function grafanaDashboard(board: Board, stores: Stores): Json<dashboard.Dashboard> {
  // Grafana loses panels without an id when it moves a board to its next schema
  let id = 0
  const next = () => ++id
  const rows = board.rows.map(row => ({ at: row.y, made: rowOf(row.title, row.y, next) }))
  const panels = board.panels.map(panel => ({ at: panel.place.y, made: () => panelOf(panel, next(), targets(panel)) }))
  const inOrder = [...rows, ...panels].toSorted((a, b) => a.at - b.at)
  return {
    id: null,
    uid: board.uid,
    title: board.title,
    description: board.description,
    tags: [...board.tags],
    timezone: board.timeZone ?? 'browser',
    weekStart: 'monday',
    editable: false,
    graphTooltip: 1,
    fiscalYearStartMonth: 0,
    refresh: '1m',
    schemaVersion: 42,
    time: { from: 'now-6h', to: 'now' },
    timepicker: {},
    annotations: { list: board.annotations.map(annotation) },
    links: links(board),
    templating: { list: [...sources(board, stores), ...board.variables.map(variable)] },
    panels: inOrder.map(({ made }) => made()),
  }
}

const rowOf = (title: string, y: number, next: () => number) => () => ({
  type: 'row' as const,
  id: next(),
  title,
  collapsed: false,
  gridPos: { x: 0, y, w: 24, h: 1 },
  panels: [],
})

/** Of one panel, with the letters that Grafana gives to queries. */
function targets({ type, queries }: Panel): Json<prometheus.Dataquery>[] {
  const isOfNow = type === 'stat' || type === 'bars' || type === 'table'
  const format = type === 'table' ? 'table' : type === 'heatmap' ? 'heatmap' : 'time_series'
  return queries.map(({ expr, legend, store, exemplars }: Query, index) => ({
    refId: String.fromCharCode(65 + index),
    datasource: sourceOf(store),
    editorMode: 'code',
    expr,
    format,
    legendFormat: type === 'heatmap' ? '{{le}}' : legend,
    instant: isOfNow,
    range: !isOfNow,
    ...(exemplars && { exemplar: true }),
  }))
}

function sources({ frame }: Board, stores: Stores): Json<dashboard.VariableModel>[] {
  const source = (store: Store, uid: string): Json<dashboard.VariableModel> => ({
    type: 'datasource',
    name: variableOf[store],
    label: store === 'chosen' ? frame.datasource : `${frame.datasource} (${store})`,
    query: 'prometheus',
    regex: '',
    hide: store === 'chosen' ? 0 : 2,
    skipUrlSync: store !== 'chosen',
    current: { selected: true, text: uid, value: uid },
    options: [],
    multi: false,
    includeAll: false,
    refresh: 1,
  })
  return [source('chosen', stores.high), source('high', stores.high), source('long', stores.long)]
}

const variable = ({ name, label, query }: Variable): Json<dashboard.VariableModel> => ({
  type: 'query',
  name,
  label,
  datasource: sourceOf(),
  definition: query,
  query: { qryType: 1, query, refId: `Variable-${name}` },
  refresh: 2,
  regex: '',
  sort: 1,
  hide: 0,
  multi: true,
  includeAll: true,
  allValue: '.*',
  current: { selected: true, text: ['All'], value: ['$__all'] },
  options: [],
})

const annotation = ({ name, expr, title, level, store }: Annotation): Json<dashboard.AnnotationQuery> =>
  ({
    name,
    datasource: sourceOf(store),
    enable: true,
    hide: false,
    iconColor: colours[colourOf[level]],
    expr,
    step: '60s',
    titleFormat: title,
    textFormat: '',
    tagKeys: '',
    useValueForTime: false,
  }) as Json<dashboard.AnnotationQuery>

/** To the other boards with time and variables; and to other times, each with the data source that answers there. */
function links({ linked, ranges, variables }: Board): Json<dashboard.DashboardLink>[] {
  const common = { icon: 'external link', tooltip: '', asDropdown: false, targetBlank: false }
  const kept = variables.map(({ name }) => `&\${${name}:queryparam}`).join('')
  return [
    { ...common, type: 'dashboards', title: '', tags: [linked], includeVars: true, keepTime: true },
    ...ranges.map(
      ({ title, from, datasource }): Json<dashboard.DashboardLink> => ({
        ...common,
        type: 'link',
        icon: 'time',
        title,
        url: `?from=${from}&to=now&var-datasource=${datasource}${kept}`,
        tags: [],
        includeVars: false,
        keepTime: false,
      }),
    ),
  ]
}
