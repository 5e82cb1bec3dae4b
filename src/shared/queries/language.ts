// What a text is: TraceQL or PromQL, and whether it queries traces or numbers. The grammars are Grafana's and Prometheus' own, which lag
// behind the servers: what they refuse is sent all the same, and the server judges it.
import { parser as traceql } from '@grafana/lezer-traceql'
import { parser as promql } from '@prometheus-io/lezer-promql'
import type { Kind, Language } from './query'

const parsers = { traceql, promql }

/** Where the grammar does not know the text, as `line:column: …`; empty when it does. */
export function problemsIn(text: string, language: Language): string[] {
  const problems: string[] = []
  parsers[language].parse(text).iterate({
    enter: ({ type, from, to }) => {
      if (!type.isError) return
      const before = text.slice(0, from).split('\n')
      const what = from === to ? 'something is missing' : `"${text.slice(from, to)}" is not expected`
      problems.push(`${before.length}:${(before.at(-1)?.length ?? 0) + 1}: ${what}`)
    },
  })
  return problems
}

export function languageOf(text: string): Language {
  if (problemsIn(text, 'traceql').length === 0) return 'traceql'
  if (problemsIn(text, 'promql').length === 0) return 'promql'
  return /^\s*[{(]/.test(text) ? 'traceql' : 'promql'
}

/** Metrics functions of TraceQL, outside strings and comments. */
const metrics =
  /"(?:[^"\\]|\\.)*"|`[^`]*`|\/\/[^\n]*|\|\s*((?:rate|count_over_time|(?:sum|avg|min|max|quantile|histogram)_over_time|compare)\s*\()/gs

/** Traces, or series for what computes numbers. */
export function kindOf(text: string, language: Language): Kind {
  if (language === 'promql') return 'series'
  return [...text.matchAll(metrics)].some(([, call]) => call) ? 'series' : 'traces'
}
