// An answer as a table.
import { localTime } from './local-time'
import type { FoundTrace, QueryResult, ResultSeries, Value } from './query-result'
import { table } from './table'

/** Lines without ends; none when there is nothing. */
export function show(answer: QueryResult): string[] {
  if (answer.kind === 'traces') return answer.traces.length > 0 ? traces(answer.traces) : []
  const rows = answer.kind === 'instant' ? answer.groups : answer.series
  if (rows.length === 0) return []
  const labels = labelsOf(rows.map(({ labels }) => labels))
  const labelCells = (row: { labels: Readonly<Record<string, Value>> }) => labels.map(label => text(row.labels[label]))
  if (answer.kind === 'instant')
    return table(
      [...labels.map(short), 'VALUE'],
      answer.groups.map(group => [...labelCells(group), number(group.value)]),
    )
  return table(
    [...labels.map(short), 'LAST', 'MIN', 'MAX', 'COURSE'],
    answer.series.map(series => [...labelCells(series), ...courseOf(series)]),
  )
}

function traces(found: readonly FoundTrace[]): string[] {
  const values = labelsOf(found.map(trace => trace.values))
  const spans = found.map(trace => trace.spans[0]?.attributes ?? {})
  // what a query wants to be absent comes back as the word nil
  const attributes = labelsOf(spans).filter(key => spans.some(span => span[key] !== undefined && span[key] !== 'nil'))
  const named = found.some(trace => trace.spans[0]?.name !== undefined)
  const head = ['START', 'SERVICE', 'ROOT', 'TRACE MS', 'SPANS', ...(named ? ['SPAN'] : []), 'SPAN MS']
  return table(
    [...head, ...values.map(short), ...attributes.map(short), found.some(({ url }) => url) ? 'LINK' : 'TRACE'],
    found.map(trace => {
      const [span] = trace.spans
      return [
        localTime(Date.parse(trace.start)),
        trace.service,
        trace.name || '(root not received)',
        number(trace.durationMs),
        number(trace.matched),
        ...(named ? [span?.name ?? ''] : []),
        span ? number(span.durationMs) : '',
        ...values.map(key => text(trace.values[key])),
        ...attributes.map(key => text(span?.attributes[key])),
        trace.url ?? trace.traceId,
      ]
    }),
  )
}

/** All names, each once, in the order in which they come. Prometheus and Tempo put the metric's name among the labels. */
function labelsOf(rows: readonly Readonly<Record<string, Value>>[]): string[] {
  return [...new Set(rows.flatMap(row => Object.keys(row)))].filter(name => name !== '__name__')
}

/** As a heading: `span.gen_ai.request.model` is REQUEST.MODEL. */
function short(name: string): string {
  return name
    .replace(/^(span|resource|event)\./, '')
    .replace(/^(gen_ai|afn\.llm|gen_ai_|afn_llm)[._]/, '')
    .toUpperCase()
}

const steps = '▁▂▃▄▅▆▇█'

function courseOf({ samples }: ResultSeries): string[] {
  const values = samples.map(([, value]) => value).filter(value => !Number.isNaN(value))
  if (values.length === 0) return ['', '', '', '']
  const [min, max] = [Math.min(...values), Math.max(...values)]
  const step = (value: number) =>
    steps[max === min ? 0 : Math.round(((value - min) / (max - min)) * (steps.length - 1))]
  return [number(values.at(-1)!), number(min), number(max), values.slice(-60).map(step).join('')]
}

function text(value: Value | undefined): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'number') return number(value)
  return typeof value === 'object' ? value.map(text).join(', ') : String(value)
}

/** Whole numbers as they are, others with six significant digits, none with an exponent. */
function number(value: number): string {
  if (!Number.isFinite(value)) return String(value)
  return (Number.isInteger(value) ? integers : digits).format(value)
}

const digits = new Intl.NumberFormat('en', { maximumSignificantDigits: 6, useGrouping: false })
const integers = new Intl.NumberFormat('en', { maximumFractionDigits: 0, useGrouping: false })
