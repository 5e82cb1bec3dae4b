// What a panel queries from Prometheus' HTTP API, a few queries at once.
import type { Panel } from '../../../../monitoring/dashboards/board'
import { type Noted, notesOf } from '../../../../shared/queries/prometheus-notes'
import type { AnsweredPanel } from '../../../api/board-answers'
import type { TimeRange } from '../../range'
import { getJson, url } from '../client'
import { type Choices, filledIn, type Times } from './variables'

export type Labels = Readonly<Record<string, string>>

/** A series as Prometheus answers it: of a query of now with one value. */
export interface PrometheusSeries {
  readonly metric: Labels
  readonly value?: readonly [seconds: number, value: string]
  readonly values?: readonly (readonly [seconds: number, value: string])[]
}

interface PrometheusResponse extends Noted {
  readonly data: {
    readonly resultType: string
    readonly result: readonly PrometheusSeries[] | PrometheusSeries['value']
  }
}

export interface PanelAnswer {
  /** For each query of the panel what it found. */
  readonly found: readonly (readonly PrometheusSeries[])[]
  /** Nobody makes what the panel needs. */
  readonly isMissing: boolean
  /** What is wrong with the answers, or explains them. */
  readonly notes: readonly string[]
}

/** A panel of one value queries the present moment, the others query each step. */
export const isOfNow = ({ type }: Panel): boolean => type === 'stat' || type === 'bars' || type === 'table'

/** Addresses of the queries of a panel. */
export interface Questions {
  /** One for each query. */
  readonly queries: readonly string[]
  /** Whether somebody makes what the panel needs. */
  readonly needs?: string | undefined
}

export function questionsOf(panel: AnsweredPanel, names: readonly string[], choices: Choices, times: Times): Questions {
  const ofNow = (expr: string) =>
    url('api/v1/query', { query: filledIn(expr, names, choices, times), time: times.range.end })
  return {
    queries: panel.queries.map(({ expr }) =>
      isOfNow(panel) ? ofNow(expr) : rangeQuestion(expr, names, choices, times),
    ),
    needs: panel.needs && ofNow(panel.needs.expr),
  }
}

/** @returns the address of a query at each step, on round times, so that it has the same points whenever it is sent */
export function rangeQuestion(expr: string, names: readonly string[], choices: Choices, times: Times): string {
  const { step, range } = times
  const on = (time: number) => Math.floor(time / step) * step
  const query = filledIn(expr, names, choices, times)
  return url('api/v1/query_range', { query, start: on(range.start), end: on(range.end), step })
}

/** Browsers keep six connections to a server, and other parts of the page need some. */
const AT_ONCE = 4
let running = 0
const waiting: (() => void)[] = []

async function inTurn<T>(signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
  if (running >= AT_ONCE) await new Promise<void>(resolve => waiting.push(resolve))
  else running++
  try {
    signal.throwIfAborted()
    return await ask()
  } finally {
    const next = waiting.shift()
    if (next) next()
    else running--
  }
}

/** @throws ApiError of the first question that failed; what the signal aborts with */
export async function askPanel({ queries, needs }: Questions, signal: AbortSignal): Promise<PanelAnswer> {
  const ask = (question: string) => inTurn(signal, () => getJson<PrometheusResponse>(question, signal))
  const [made, ...answers] = await Promise.all([needs && ask(needs), ...queries.map(ask)])
  return {
    found: answers.map(({ data }) => seriesIn(data)),
    isMissing: made !== undefined && made !== '' && seriesIn(made.data).length === 0,
    notes: notesOf(answers),
  }
}

/** A scalar is a series without labels. */
function seriesIn({ resultType, result }: PrometheusResponse['data']): readonly PrometheusSeries[] {
  if (resultType === 'scalar') return [{ metric: {}, value: result as NonNullable<PrometheusSeries['value']> }]
  return resultType === 'string' ? [] : (result as readonly PrometheusSeries[])
}

/**
 * @param isWide of all metrics that have the label, since its own may be one that nobody sends
 * @returns the address of the values of a variable, or undefined when its query is no `label_values(METRIC, LABEL)`
 */
export function valuesUrl(query: string, { start, end }: TimeRange, isWide = false): string | undefined {
  const [, metric, label] = /^label_values\((?:(.+),)?\s*(\w+)\s*\)$/.exec(query.trim()) ?? []
  return label && url(`api/v1/label/${label}/values`, { 'match[]': isWide ? undefined : metric?.trim(), start, end })
}
