/**
 * Judges dashboards in Grafana's JSON: the rules of grafana/dashboard-linter, by the same names, and some of our own about the grid, the
 * metrics and people. Rules that do not fit are left out by `.lint`, a file as that linter has it, with a reason for each.
 */
import { nearest } from '../../shared/config/nearest'
import { COLUMNS, type GridPos, overlap } from './board'
import { knownSeries } from './metrics'
import { ofPeople } from './person-labels'
import { type ReadQuery, readQuery } from './read-promql'
import { units } from './units'

interface Source {
  readonly type?: string
  readonly uid?: string
}

export interface GrafanaTarget {
  readonly refId?: string
  readonly expr?: string
  readonly datasource?: Source
}

export interface GrafanaPanel {
  readonly id?: number
  readonly type: string
  readonly title?: string
  readonly description?: string
  readonly gridPos?: GridPos
  readonly datasource?: Source
  readonly targets?: readonly GrafanaTarget[]
  readonly fieldConfig?: { readonly defaults?: { readonly unit?: string } }
}

interface GrafanaVariable {
  readonly name: string
  readonly type: string
  readonly label?: string
  readonly query?: unknown
  readonly refresh?: number
}

export interface GrafanaBoard {
  readonly uid?: string
  readonly title?: string
  readonly editable?: boolean
  readonly templating?: { readonly list?: readonly GrafanaVariable[] }
  readonly panels?: readonly GrafanaPanel[]
}

export interface Finding {
  readonly rule: string
  readonly dashboard: string
  /** Title; '' of what is about the whole board. */
  readonly panel: string
  readonly message: string
}

/** As in a file `.lint`. */
export interface Exclusion {
  readonly reason: string
  readonly entries?: readonly { readonly dashboard?: string; readonly panel?: string }[]
}
export type Exclusions = Readonly<Record<string, Exclusion>>

export function lint(board: GrafanaBoard, exclusions: Exclusions = {}): Finding[] {
  const dashboard = board.title ?? ''
  const panels = (board.panels ?? []).filter(({ type }) => type !== 'row')
  const ofBoard = [...templateRules(board), ...gridRules(board)].map(([rule, message]) => ({
    rule,
    panel: '',
    message,
  }))
  const ofPanels = panels.flatMap(panel =>
    [...panelRules(panel, board), ...targetRules(panel)].map(([rule, message]) => ({
      rule,
      panel: panel.title ?? '',
      message,
    })),
  )
  return [...ofBoard, ...ofPanels]
    .map(found => ({ ...found, dashboard }))
    .filter(found => !isExcluded(found, exclusions))
}

function isExcluded({ rule, dashboard, panel }: Finding, exclusions: Exclusions): boolean {
  const { entries } = exclusions[rule] ?? {}
  if (!exclusions[rule]) return false
  if (!entries || entries.length === 0) return true
  return entries.some(
    entry =>
      (entry.dashboard === undefined || entry.dashboard === dashboard) &&
      (entry.panel === undefined || entry.panel === panel),
  )
}

type Problem = readonly [rule: string, message: string]

function* templateRules({ templating, editable }: GrafanaBoard): Generator<Problem> {
  const variables = templating?.list ?? []
  const sources = variables.filter(({ type }) => type === 'datasource')
  if (sources.length === 0) yield ['template-datasource-rule', 'has no variable for the data source']
  for (const { name, query } of sources) {
    const names = [`${query}_datasource`, ...(sources.length === 1 ? ['datasource'] : [])]
    if (!names.includes(name)) yield ['template-datasource-rule', `the variable "${name}" should be called ${names[0]}`]
  }
  for (const name of ['job', 'instance'])
    if (!variables.some(variable => variable.name === name))
      yield [`template-${name}-rule`, `has no variable "${name}"`]
  for (const { name, type, query, refresh } of variables) {
    if (type !== 'query') continue
    if (refresh !== 2)
      yield ['template-on-time-change-reload-rule', `"${name}" is not queried again when the time changes`]
    const text = typeof query === 'string' ? query : (query as { query?: string } | undefined)?.query
    if (!/^label_values\((?:.+,)?\s*\w+\s*\)$/s.test(text ?? ''))
      yield ['template-label-promql-rule', `the query of "${name}" is no label_values()`]
  }
  if (editable !== false) yield ['uneditable-dashboard', 'can be edited, and what is edited is lost at the next start']
}

function* gridRules({ panels = [], uid }: GrafanaBoard): Generator<Problem> {
  if (!uid) yield ['uid-rule', 'has no uid']
  const ids = panels.map(({ id }) => id)
  if (ids.some(id => id === undefined)) yield ['id-rule', 'has a panel without an id']
  if (new Set(ids).size < ids.length) yield ['id-rule', 'has two panels with one id']
  const placed = panels.flatMap(({ title = '', gridPos }) => (gridPos ? [{ title, gridPos }] : []))
  if (placed.length < panels.length) yield ['grid-rule', 'has a panel without a place']
  for (const [index, { title, gridPos }] of placed.entries()) {
    if (gridPos.x < 0 || gridPos.w < 1 || gridPos.x + gridPos.w > COLUMNS)
      yield ['grid-rule', `"${title}" reaches beyond the ${COLUMNS} columns`]
    const other = placed.slice(0, index).find(one => overlap(one.gridPos, gridPos))
    if (other) yield ['grid-rule', `"${title}" overlaps "${other.title}"`]
  }
}

function* panelRules({ title, description, datasource, targets = [], fieldConfig }: GrafanaPanel, board: GrafanaBoard) {
  if (!title || !description) yield ['panel-title-description-rule', 'has no title or no description'] as const
  if (targets.length === 0) yield ['panel-no-targets-rule', 'asks for nothing'] as const
  const unit = fieldConfig?.defaults?.unit
  if (!unit || !units.includes(unit)) yield ['panel-units-rule', `has the unit "${unit ?? ''}"`] as const
  const names = (board.templating?.list ?? []).filter(({ type }) => type === 'datasource').map(({ name }) => name)
  for (const source of [datasource, ...targets.map(target => target.datasource)])
    if (!names.some(name => source?.uid === `\${${name}}` || source?.uid === `$${name}`))
      yield ['panel-datasource-rule', `asks the data source "${source?.uid}", and not one of a variable`] as const
}

function* targetRules({ targets = [] }: GrafanaPanel): Generator<Problem> {
  for (const { expr = '' } of targets) {
    const read = readQuery(expr)
    if (read.problem) {
      yield ['target-promql-rule', `column ${read.problem.at + 1}: ${read.problem.message}`]
      continue
    }
    yield* selectorRules(read)
    for (const label of [...read.grouped, ...read.selectors.flatMap(({ labels }) => labels)])
      if (ofPeople.test(label)) yield ['target-people-rule', `"${label}" would make a series for each person`]
  }
}

/** Records, alerts and the metrics of the pipeline itself belong to no service of the board. */
const withoutService = /^(?:slo|ALERTS$|otelcol_|up$|sloth_)/

function* selectorRules({ selectors }: ReadQuery): Generator<Problem> {
  for (const { metric, labels, call, range } of selectors) {
    for (const name of ['job', 'instance'])
      if (!labels.includes(name)) yield [`target-${name}-rule`, `"${metric}" has no condition on ${name}`]
    if ((call === 'rate' || call === 'irate') && range !== '$__rate_interval')
      yield ['target-rate-interval-rule', `${call}(${metric}[${range}]) should have [$__rate_interval]`]
    if (metric.endsWith('_total') && !['rate', 'irate', 'increase'].includes(call))
      yield ['target-counter-agg-rule', `the counter "${metric}" is in no rate, irate or increase`]
    if (!withoutService.test(metric) && !labels.includes('service_name'))
      yield ['target-service-rule', `"${metric}" has no condition on service_name`]
    if (!knownSeries.has(metric))
      yield ['target-metric-rule', `nobody sends "${metric}"; did you mean "${nearest(metric, [...knownSeries])}"?`]
  }
}
