// The views by the first part of the address.
import type { ComponentType } from 'preact'
import type { TimeRange } from '../range'
import type { Route } from '../route'
import { AgentsView } from './agents'
import { AlertsView } from './alerts'
import { BoardsView } from './boards'
import { CompareView } from './compare'
import { CostView } from './cost'
import { ErrorsView } from './errors'
import { LogsView } from './logs'
import { MapView } from './map'
import { OverviewView } from './overview'
import { QualityView } from './quality'
import { SavedViewsView } from './saved'
import { SessionView } from './session'
import { SessionsView } from './sessions'
import { TraceView } from './trace'
import { TracesView } from './traces'
import { VitalsView } from './vitals'

export interface ViewProps {
  readonly route: Route
  readonly range: TimeRange
  /** Grows when the reader wants everything asked again. */
  readonly round: number
  again(): void
}

/** What the navigation shows, and the key after `g` that leads there. */
export const VIEWS = [
  { name: 'traces', key: 't' },
  { name: 'overview', key: 'o' },
  { name: 'map', key: 'm' },
  { name: 'boards', key: 'b' },
  { name: 'sessions', key: 's' },
  { name: 'cost', key: 'c' },
  { name: 'agents', key: 'i' },
  { name: 'quality', key: 'q' },
  { name: 'errors', key: 'e' },
  { name: 'logs', key: 'l' },
  { name: 'vitals', key: 'w' },
  { name: 'alerts', key: 'a' },
  { name: 'saved', key: 'v' },
] as const

type NavName = (typeof VIEWS)[number]['name']

interface View {
  readonly name: NavName | 'trace' | 'compare' | 'session'
  /** Which entry of the navigation is lit. */
  readonly nav: NavName
  readonly View: ComponentType<ViewProps>
}

const views: Readonly<Record<View['name'], View>> = {
  traces: { name: 'traces', nav: 'traces', View: TracesView },
  trace: { name: 'trace', nav: 'traces', View: TraceView },
  compare: { name: 'compare', nav: 'traces', View: CompareView },
  overview: { name: 'overview', nav: 'overview', View: OverviewView },
  map: { name: 'map', nav: 'map', View: MapView },
  boards: { name: 'boards', nav: 'boards', View: BoardsView },
  sessions: { name: 'sessions', nav: 'sessions', View: SessionsView },
  session: { name: 'session', nav: 'sessions', View: SessionView },
  cost: { name: 'cost', nav: 'cost', View: CostView },
  agents: { name: 'agents', nav: 'agents', View: AgentsView },
  quality: { name: 'quality', nav: 'quality', View: QualityView },
  errors: { name: 'errors', nav: 'errors', View: ErrorsView },
  logs: { name: 'logs', nav: 'logs', View: LogsView },
  vitals: { name: 'vitals', nav: 'vitals', View: VitalsView },
  saved: { name: 'saved', nav: 'saved', View: SavedViewsView },
  alerts: { name: 'alerts', nav: 'alerts', View: AlertsView },
}

/** The list of traces, where the address names no view. */
export function viewOf(route: Route): View {
  return isKnown(route) ? views[route.path[0] as View['name']] : views.traces
}

export function isKnown({ path }: Route): boolean {
  return Object.hasOwn(views, path[0])
}
