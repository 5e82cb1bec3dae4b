/** One panel in Grafana's JSON: what each kind of ours is there, with every option that Grafana would otherwise fill in by itself. */
import type * as bargauge from '@grafana/grafana-foundation-sdk/bargauge'
import type * as dashboard from '@grafana/grafana-foundation-sdk/dashboard'
import type * as heatmap from '@grafana/grafana-foundation-sdk/heatmap'
import type * as prometheus from '@grafana/grafana-foundation-sdk/prometheus'
import type * as stat from '@grafana/grafana-foundation-sdk/stat'
import type * as table from '@grafana/grafana-foundation-sdk/table'
import type * as timeseries from '@grafana/grafana-foundation-sdk/timeseries'
import {
  colourOf,
  colours,
  type Level,
  type Panel,
  type PanelType,
  type Step,
  type TableColumn,
  type Word,
} from './board'
import type { Json } from './grafana-types'

type Target = Json<prometheus.Dataquery>
type GrafanaPanel = Json<dashboard.Panel>

/** What Grafana calls them. */
const types: Readonly<Record<PanelType, string>> = {
  stat: 'stat',
  timeseries: 'timeseries',
  bars: 'bargauge',
  table: 'table',
  heatmap: 'heatmap',
}

export function panelOf(panel: Panel, id: number, targets: Target[]): GrafanaPanel {
  const { type, title, description, place, since, links = [] } = panel
  const { transformations, overrides, custom, options } = parts(panel)
  return {
    id,
    type: types[type],
    title,
    description,
    datasource: sourceOfAll(targets),
    gridPos: { ...place },
    targets: targets as unknown as NonNullable<GrafanaPanel['targets']>,
    ...(since && { timeFrom: `now/${{ day: 'd', week: 'w', month: 'M' }[since]}`, hideTimeOverride: false }),
    ...(transformations && { transformations }),
    ...(links.length > 0 && { links: links.map(linkOf) }),
    fieldConfig: { defaults: { ...defaults(panel), custom }, overrides },
    options,
  }
}

/** Grafana sends all queries of a panel to one data source, unless the panel says that each has its own. */
function sourceOfAll([first, ...others]: readonly Target[]): NonNullable<GrafanaPanel['datasource']> {
  const isMixed = others.some(({ datasource }) => datasource?.uid !== first?.datasource?.uid)
  return isMixed ? { type: 'datasource', uid: '-- Mixed --' } : (first?.datasource ?? {})
}

const linkOf = ({ title, url }: { title: string; url: string }): Json<dashboard.DashboardLink> => ({
  title,
  url,
  type: 'link',
  icon: 'external link',
  tooltip: '',
  tags: [],
  asDropdown: false,
  targetBlank: false,
  includeVars: false,
  keepTime: false,
})

function defaults({ type, unit, decimals, min, max, steps, words, empty }: Panel): Json<dashboard.FieldConfig> {
  const isJudged = steps !== undefined && steps.length > 0
  return {
    unit,
    ...(decimals !== undefined && { decimals }),
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    ...(empty !== undefined && { noValue: empty }),
    color: colourMode(type, isJudged),
    thresholds: thresholds(steps),
    mappings: mappings(words),
  }
}

/** A series keeps its colour when others come and go; bars and numbers have their names next to them, and need none. */
function colourMode(type: PanelType, isJudged: boolean): Json<dashboard.FieldColor> {
  if (type === 'timeseries' || type === 'heatmap') return { mode: 'palette-classic-by-name' }
  return isJudged ? { mode: 'thresholds' } : { mode: 'fixed', fixedColor: type === 'bars' ? colours.blue : 'text' }
}

const colour = (level: Level): string => colours[colourOf[level]]

const thresholds = (steps: readonly Step[] = [{ level: 'neutral' }]): Json<dashboard.ThresholdsConfig> => ({
  mode: 'absolute',
  steps: steps.map(({ from, level }) => ({ value: from ?? null, color: colour(level) })),
})

const mappings = (words: readonly Word[] = []): Json<dashboard.ValueMapping>[] =>
  words.length === 0
    ? []
    : [
        {
          type: 'value',
          options: Object.fromEntries(
            words.map(({ value, text, level }, index) => [String(value), { text, color: colour(level), index }]),
          ),
        },
      ]

interface Parts {
  readonly options: object
  readonly custom?: object
  readonly overrides: Json<dashboard.FieldConfigSource>['overrides']
  readonly transformations?: Json<dashboard.DataTransformerConfig>[]
}
type Override = Parts['overrides'][number]

function parts(panel: Panel): Parts {
  switch (panel.type) {
    case 'stat':
      return { options: statOptions(panel), overrides: coloured(panel) }
    case 'bars':
      return { options: barOptions(), overrides: coloured(panel) }
    case 'timeseries':
      return { options: lineOptions(), custom: lines(panel), overrides: coloured(panel) }
    case 'heatmap':
      return { options: heatmapOptions(panel), custom: {}, overrides: [] }
    case 'table':
      return tableParts(panel)
  }
}

/**
 * A series has its colour by what it is, so that it keeps it when others come and go. The name is an expression with both its ends, since
 * Perses' migration looks for a plain one anywhere in a legend, and refuses a series that gets two colours so.
 */
const coloured = ({ colours: fixed = {} }: Panel): Override[] =>
  Object.entries(fixed).map(([legend, name]) => ({
    matcher: { id: 'byRegexp', options: `/^${legend.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')}$/` },
    properties: [{ id: 'color', value: { mode: 'fixed', fixedColor: colours[name] } }],
  }))

const lastValue = { calcs: ['lastNotNull'], fields: '', values: false }

const statOptions = ({ queries, steps, words }: Panel): Json<stat.Options> => ({
  // one colour, and not a run from it to the next: orange that ends in red is neither; and it never stands alone, since the value is there
  colorMode: steps || words ? 'background_solid' : 'value',
  graphMode: 'none',
  justifyMode: 'auto',
  orientation: 'auto',
  percentChangeColorMode: 'standard',
  reduceOptions: lastValue,
  showPercentChange: false,
  textMode: queries.length > 1 || queries.some(({ legend }) => legend.includes('{{')) ? 'value_and_name' : 'value',
  wideLayout: true,
})

const barOptions = (): Json<bargauge.Options> => ({
  displayMode: 'basic',
  legend: { calcs: [], displayMode: 'list', placement: 'bottom', showLegend: false },
  maxVizHeight: 300,
  minVizHeight: 16,
  minVizWidth: 8,
  namePlacement: 'left',
  orientation: 'horizontal',
  reduceOptions: lastValue,
  showUnfilled: true,
  sizing: 'auto',
  valueMode: 'text',
})

const lineOptions = (): Json<timeseries.Options> => ({
  legend: { calcs: ['lastNotNull', 'max'], displayMode: 'table', placement: 'bottom', showLegend: true },
  tooltip: { mode: 'multi', sort: 'desc' },
})

const lines = ({ stacked = false, steps }: Panel): Json<timeseries.FieldConfig> => ({
  drawStyle: 'line',
  lineInterpolation: 'linear',
  lineWidth: 2,
  fillOpacity: stacked ? 40 : 0,
  showPoints: 'auto',
  pointSize: 4,
  // a gap is a time without telemetry, which no line should cross
  spanNulls: false,
  axisSoftMin: 0,
  stacking: { mode: stacked ? 'normal' : 'none', group: 'A' },
  thresholdsStyle: { mode: steps ? 'dashed' : 'off' },
})

const heatmapOptions = ({ unit }: Panel): Json<heatmap.Options> => ({
  calculate: false,
  cellGap: 1,
  // from light to dark in one hue: it is read without telling colours apart
  color: {
    mode: 'scheme',
    scheme: 'Blues',
    fill: 'dark-orange',
    scale: 'exponential',
    exponent: 0.5,
    steps: 64,
    reverse: false,
  },
  exemplars: { color: colours.vermillion },
  filterValues: { le: 1e-9 },
  legend: { show: true },
  rowsFrame: { layout: 'auto' },
  showValue: 'never',
  tooltip: { mode: 'single', yHistogram: false, showColorScale: true },
  yAxis: { axisPlacement: 'left', reverse: false, unit },
})

/** A query gives a table of its own, with its value in `Value #A`; they are joined by their labels. One alone has `Value`. */
function tableParts({ queries, columns = {}, labels = {} }: Panel): Parts {
  const values = queries.map(({ legend }, index) => ({
    legend,
    field: queries.length > 1 ? `Value #${String.fromCharCode(65 + index)}` : 'Value',
  }))
  const shown = [...Object.keys(labels), ...values.map(({ field }) => field)]
  const options: Json<table.Options> = { cellHeight: 'sm', frameIndex: 0, showHeader: true }
  return {
    options,
    custom: { align: 'auto', inspect: false, cellOptions: { type: 'auto' } } satisfies Json<table.FieldConfig>,
    transformations: [
      ...(queries.length > 1 ? [{ id: 'merge', options: {} }] : []),
      { id: 'filterFieldsByName', options: { include: { names: shown } } },
      {
        id: 'organize',
        options: {
          excludeByName: {},
          indexByName: Object.fromEntries(shown.map((name, index) => [name, index])),
          renameByName: {
            ...labels,
            ...Object.fromEntries(values.map(({ field, legend }) => [field, legend])),
          },
        },
      },
    ],
    overrides: Object.entries(columns).map(([legend, column]) => ({
      matcher: { id: 'byName', options: legend },
      properties: propertiesOf(column),
    })),
  }
}

const propertiesOf = ({ unit, decimals, steps, words }: TableColumn): Override['properties'] => [
  ...(unit === undefined ? [] : [{ id: 'unit', value: unit }]),
  ...(decimals === undefined ? [] : [{ id: 'decimals', value: decimals }]),
  ...(steps
    ? [
        { id: 'thresholds', value: thresholds(steps) },
        { id: 'color', value: { mode: 'thresholds' } },
      ]
    : []),
  ...(words ? [{ id: 'mappings', value: mappings(words) }] : []),
  ...(steps || words ? [{ id: 'custom.cellOptions', value: { type: 'color-background', mode: 'basic' } }] : []),
]
