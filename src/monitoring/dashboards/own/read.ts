/**
 * Reads a user's own boards. Every mistake of the file is found at once, each with its place and with what would be right: what the
 * schema says, and here what one part means for another and for Prometheus and Grafana.
 */
import { CheckedFile, listOf, type Mistake, mapOf, type Path, type Raw } from '../../../shared/config/checked-file'
import schema from '../../../shared/config/monitoring-config.schema.json'
import { nearest } from '../../../shared/config/nearest'
import { COLUMNS, type GridPos, overlap } from '../board'
import { boardsOf } from '../boards'
import { budgetsBoard } from '../budgets'
import { cloudflareBoard } from '../cloudflare'
import { knownSeries, type Metric, metricNamed, metrics } from '../metrics'
import { ofPeople } from '../person-labels'
import { readQuery } from '../read-promql'
import { unitMeant, units } from '../units'
import type { OwnBoard, Show } from './file'

export interface OwnBoards {
  /** None where there is a mistake, or no such section. */
  readonly boards: readonly OwnBoard[]
  /** By their places. */
  readonly mistakes: readonly Mistake[]
}

/** @param text of `monitoring-config.json` */
export function readOwnBoards(text: string): OwnBoards {
  const file = new CheckedFile(text, schema)
  const boards = listOf(mapOf(mapOf(file.value).dashboard_config).dashboards)
  checkUids(file, boards)
  for (const [index, board] of boards.entries()) {
    const at: Path = ['dashboard_config', 'dashboards', index, 'panels']
    const panels = listOf(mapOf(board).panels).map(mapOf)
    checkPlaces(file, panels, at)
    for (const [number, panel] of panels.entries()) checkPanel(file, panel, [...at, number])
  }
  const { mistakes } = file
  return { mistakes, boards: mistakes.length > 0 ? [] : (boards as OwnBoard[]) }
}

const isText = (value: unknown): value is string => typeof value === 'string'

const kept = { high: 1 }
const noBudgets = { timeZone: 'UTC', currency: 'USD' }
/** Of the boards of this package. */
const taken = new Map(
  (['en', 'ja'] as const)
    .flatMap(language => [
      ...Object.values(boardsOf(language, kept)),
      budgetsBoard(noBudgets, language, kept),
      cloudflareBoard(language, kept),
    ])
    .map(({ uid, title }) => [uid.toLowerCase(), title] as const),
)

function checkUids(file: CheckedFile, boards: readonly unknown[]): void {
  const own = new Map<string, { readonly index: number; readonly uid: string }>()
  for (const [index, board] of boards.entries()) {
    const { uid } = mapOf(board)
    if (!isText(uid)) continue
    const at: Path = ['dashboard_config', 'dashboards', index, 'uid']
    const [first, theirs] = [own.get(uid.toLowerCase()), taken.get(uid.toLowerCase())]
    if (theirs !== undefined)
      file.wrong(at, `the board "${theirs}" of @afn/otel has the uid "${uid}"; take another one, such as own-${uid}`)
    else if (first !== undefined)
      file.wrong(
        at,
        `dashboards[${first.index}] has the uid "${first.uid}", and Grafana would keep one of the two; rename this one`,
      )
    own.set(uid.toLowerCase(), first ?? { index, uid })
  }
}

function placeOf(panel: Raw): GridPos | undefined {
  const { x, y, w, h } = mapOf(panel.place)
  return [x, y, w, h].every(part => typeof part === 'number') ? ({ x, y, w, h } as GridPos) : undefined
}

function checkPlaces(file: CheckedFile, panels: readonly Raw[], at: Path): void {
  const placed = panels.map(placeOf)
  for (const [index, place] of placed.entries()) {
    if (!place) continue
    const here: Path = [...at, index, 'place']
    if (place.x < COLUMNS && place.x + place.w > COLUMNS)
      file.wrong(
        [...here, 'w'],
        `x ${place.x} and w ${place.w} reach to column ${place.x + place.w}, and a board has ${COLUMNS}; make w ${COLUMNS - place.x} at most`,
      )
    const other = placed.findIndex((one, before) => before < index && one !== undefined && overlap(one, place))
    if (other < 0) continue
    const below = placed[other]!.y + placed[other]!.h
    file.wrong(here, `it overlaps ${named(panels[other]!, other)}; move it, for example to y ${below}`)
  }
}

const named = ({ title }: Raw, index: number): string => (isText(title) ? `"${title}"` : `panels[${index}]`)

function checkPanel(file: CheckedFile, panel: Raw, at: Path): void {
  const { unit, type } = panel
  if (isText(unit) && unit !== '' && !units.includes(unit))
    file.wrong([...at, 'unit'], `Grafana has no unit "${unit}"; did you mean "${unitMeant(unit)}"?`)
  const queries = listOf(panel.queries).map(mapOf)
  if (type === 'heatmap' && queries.length > 1)
    file.wrong([...at, 'queries', 1], 'a heatmap takes one query; remove this, or make a panel of it')
  if (type !== 'timeseries' && panel.stacked === true)
    file.wrong([...at, 'stacked'], `only a timeseries can be stacked, and this is a ${type}; remove this`)
  checkThresholds(file, listOf(panel.thresholds).map(mapOf), [...at, 'thresholds'])
  if (typeof panel.min === 'number' && typeof panel.max === 'number' && panel.min >= panel.max)
    file.wrong([...at, 'max'], `max ${panel.max} is not above min ${panel.min}`)
  for (const [index, query] of queries.entries()) {
    const here: Path = [...at, 'queries', index]
    if (isText(query.query) && query.query !== '') checkPromql(file, query.query, [...here, 'query'])
    if (isText(query.metric) && query.metric !== '') checkMetric(file, query, type === 'heatmap', here)
  }
}

function checkThresholds(file: CheckedFile, steps: readonly Raw[], at: Path): void {
  for (const [index, { from }] of steps.entries()) {
    const before = steps[index - 1]?.from
    if (index === 0 && from !== undefined)
      file.wrong([...at, 0, 'from'], 'the first threshold holds for everything below the second; remove "from" here')
    else if (index > 0 && from === undefined)
      file.wrong([...at, index], 'this threshold has no "from"; only the first one has none')
    else if (typeof from === 'number' && typeof before === 'number' && from <= before)
      file.wrong([...at, index, 'from'], `${from} does not come after ${before}; thresholds ascend, each once`)
  }
}

/** What Grafana fills in by itself, and the variables of every board. */
const variables = [
  'service',
  'environment',
  'datasource',
  '__rate_interval',
  '__interval',
  '__range',
  '__range_s',
  '__range_ms',
  '__interval_ms',
  '__from',
  '__to',
]
/** Names that only this package and its parts have. */
const ofPackage =
  /^(?:afn_|gen_ai_|otelcol_|slo:|slo_|sloth_|http_server_|http_client_|nodejs_|v8js_|process_|system_|db_client_)/

function checkPromql(file: CheckedFile, query: string, at: Path): void {
  for (const [place, braced, bare] of query.matchAll(/\$(?:\{(\w+)[^}]*\}|(\w+))/g)) {
    const name = braced ?? bare ?? ''
    if (!variables.includes(name) && !/^\d+$/.test(name))
      file.wrong(at, `there is no variable "${place}"; did you mean "$${nearest(name, variables)}"?`)
  }
  const { problem, selectors, grouped } = readQuery(query)
  if (problem) {
    file.wrong(at, `column ${problem.at + 1} of the query is no PromQL: ${problem.message}`)
    return
  }
  for (const { metric, at: place, labels, call, range } of selectors) {
    checkName(file, metric, place, at)
    if ((call === 'rate' || call === 'irate' || call === 'increase') && range === '')
      file.wrong(
        at,
        `column ${place + 1} of the query: ${call}() takes a range; write ${metric || '{…}'}[$__rate_interval]`,
      )
    for (const label of labels) checkLabel(file, label, at)
  }
  for (const label of grouped) checkLabel(file, label, at)
}

/** An app has metrics of its own, with any name; one that looks like a name of this package's is a typo of it. */
function checkName(file: CheckedFile, metric: string, place: number, at: Path): void {
  if (metric === '' || knownSeries.has(metric)) return
  const known = [...knownSeries]
  const near = nearest(metric, known)
  if (!ofPackage.test(metric) && !isTypo(metric, near)) return
  file.wrong(at, `column ${place + 1} of the query: nobody sends "${metric}"; did you mean "${near}"?`)
}

/** Of one letter more, less or other. */
function isTypo(word: string, known: string): boolean {
  if (Math.abs(word.length - known.length) > 1) return false
  let start = 0
  while (start < Math.min(word.length, known.length) && word[start] === known[start]) start++
  return [
    [start + 1, start],
    [start, start + 1],
    [start + 1, start + 1],
  ].some(([a, b]) => word.slice(a) === known.slice(b))
}

function checkLabel(file: CheckedFile, label: string, at: Path): void {
  if (ofPeople.test(label))
    file.wrong(at, `"${label}" makes a series for each person, whom a board would then show; leave it out`)
}

const fits: Readonly<Record<Show, readonly Metric['instrument'][]>> = {
  rate: ['counter', 'histogram'],
  total: ['counter', 'histogram'],
  last: ['gauge', 'updowncounter'],
  p50: ['histogram'],
  p90: ['histogram'],
  p95: ['histogram'],
  p99: ['histogram'],
}

function checkMetric(file: CheckedFile, query: Raw, isHeatmap: boolean, at: Path): void {
  const [name, show] = [query.metric as string, query.show]
  const metric = metricNamed(name)
  if (metric === undefined) {
    const known = Object.values(metrics).map(one => one.name)
    file.wrong(
      [...at, 'metric'],
      `@afn/otel sends no metric "${name}"; did you mean "${nearest(name, known)}"? For a metric of your own use "query"`,
    )
    return
  }
  const shows = (Object.keys(fits) as Show[]).filter(one => fits[one].includes(metric.instrument))
  if (isText(show) && show in fits && !shows.includes(show as Show))
    file.wrong(
      [...at, 'show'],
      `${name} is a ${metric.instrument}, of which ${shows.join(', ')} can be shown, not ${show}`,
    )
  if (isHeatmap && metric.instrument !== 'histogram')
    file.wrong([...at, 'metric'], `a heatmap takes a histogram, and ${name} is a ${metric.instrument}`)
  for (const [index, attribute] of listOf(query.by).entries())
    if (isText(attribute) && ofPeople.test(attribute.replaceAll('.', '_')))
      checkLabel(file, attribute.replaceAll('.', '_'), [...at, 'by', index])
}
