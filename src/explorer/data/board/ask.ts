// What a panel asks of Prometheus' HTTP API, a few questions at once.
import type { Panel } from '../../../dashboards/board'
import type { Range } from '../../range'
import { getJson, url } from '../client'
import { type Choices, filledIn, type Times } from './variables'

export type Labels = Readonly<Record<string, string>>

/** A series as Prometheus answers it: of a query of now with one value. */
export interface Found {
  readonly metric: Labels
  readonly value?: readonly [seconds: number, value: string]
  readonly values?: readonly (readonly [seconds: number, value: string])[]
}

interface Answer {
  readonly data: { readonly resultType: string; readonly result: readonly Found[] | Found['value'] }
  readonly warnings?: readonly string[]
  readonly infos?: readonly string[]
}

export interface PanelAnswer {
  /** For each query of the panel what it found. */
  readonly found: readonly (readonly Found[])[]
  /** What is wrong with the answers. */
  readonly warnings: readonly string[]
  /** What explains them, such as whence a metric would come. */
  readonly infos: readonly string[]
}

/** A panel of one value asks for now, the others for each step. */
export const isOfNow = ({ type }: Panel): boolean => type === 'stat' || type === 'bars' || type === 'table'

/** What is to be asked, as addresses: the same ones are the same question. */
export function questionsOf(panel: Panel, names: readonly string[], choices: Choices, times: Times): string[] {
  const { step, range } = times
  return panel.queries.map(({ expr }) => {
    const query = filledIn(expr, names, choices, times)
    if (isOfNow(panel)) return url('api/v1/query', { query, time: range.end })
    // on round times, so that the same points are asked for each time
    const on = (time: number) => Math.floor(time / step) * step
    return url('api/v1/query_range', { query, start: on(range.start), end: on(range.end), step })
  })
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
export async function askPanel(questions: readonly string[], signal: AbortSignal): Promise<PanelAnswer> {
  const answers = await Promise.all(questions.map(one => inTurn(signal, () => getJson<Answer>(one, signal))))
  return {
    found: answers.map(({ data }) => seriesIn(data)),
    warnings: [...new Set(answers.flatMap(({ warnings = [] }) => warnings))],
    // hints of Prometheus' own are for who wrote the query
    infos: [...new Set(answers.flatMap(({ infos = [] }) => infos))].filter(info => !info.startsWith('PromQL info:')),
  }
}

/** A scalar is a series without labels. */
function seriesIn({ resultType, result }: Answer['data']): readonly Found[] {
  if (resultType === 'scalar') return [{ metric: {}, value: result as NonNullable<Found['value']> }]
  return resultType === 'string' ? [] : (result as readonly Found[])
}

/** @returns the address of the values of a variable, or undefined when its query is no `label_values(METRIC, LABEL)` */
export function valuesUrl(query: string, { start, end }: Range): string | undefined {
  const [, metric, label] = /^label_values\((?:(.+),)?\s*(\w+)\s*\)$/.exec(query.trim()) ?? []
  return label && url(`api/v1/label/${label}/values`, { 'match[]': metric?.trim(), start, end })
}
