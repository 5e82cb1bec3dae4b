// What stands where a query says `$name`: the reader's choices and Grafana's own names for the time that a panel shows.
import type { TimeRange } from '../../range'
import { escaped } from '../../traceql/write'

/** Of a board's variables by name; one that is not there is all of them. */
export type Choices = Readonly<Record<string, string | undefined>>

export interface Times {
  /** What the panel shows. */
  readonly range: TimeRange
  /** Seconds from one point to the next. */
  readonly step: number
  /** Seconds from one sample to the next, where they are furthest apart. */
  readonly samples: number
}

/** Of all values; in Grafana it is the variable's `allValue`. It also finds series without the label. */
const ALL = '.*'

const places = /\$(\w+)|\$\{(\w+)(?::([\w:]+))?\}|\[\[(\w+)(?::(\w+))?\]\]/g

/** @param names of the board's variables; any other name that is none of Grafana's stays as it is, as `$1` does */
export function filledIn(expr: string, names: readonly string[], choices: Choices, times: Times): string {
  return expr.replace(places, (place, bare?: string, braced?: string, how?: string, square?: string, way?: string) => {
    const name = bare ?? braced ?? square!
    if (names.includes(name)) return chosen(choices[name], how ?? way)
    return builtIn(name, how, times) ?? place
  })
}

/** A choice is a text, and the query compares it as a regular expression, in quotes of any kind. */
function chosen(value: string | undefined, how: string | undefined): string {
  if (value === undefined) return ALL
  if (how === 'raw') return value
  const expression = escaped(value).replace(
    /["'`\n]/g,
    mark => `\\x${mark.charCodeAt(0).toString(16).padStart(2, '0')}`,
  )
  return expression.replaceAll('\\', '\\\\')
}

function builtIn(name: string, how: string | undefined, { range, step, samples }: Times): string | undefined {
  const seconds = Math.round(range.end - range.start)
  // fewer than four of them would leave gaps in a rate
  const rate = Math.max(step + samples, 4 * samples)
  switch (name) {
    case '__interval':
      return `${step}s`
    case '__interval_ms':
      return String(step * 1_000)
    case '__rate_interval':
      return `${rate}s`
    case '__rate_interval_ms':
      return String(rate * 1_000)
    case '__range':
      return `${seconds}s`
    case '__range_s':
      return String(seconds)
    case '__range_ms':
      return String(seconds * 1_000)
    case '__from':
      return moment(range.start, how)
    case '__to':
      return moment(range.end, how)
    default:
      return undefined
  }
}

/** Milliseconds since 1970, seconds with `:date:seconds`, and ISO 8601 with `:date` or `:date:iso`. */
function moment(seconds: number, how: string | undefined): string {
  if (how === 'date:seconds') return String(seconds)
  return how?.startsWith('date') ? new Date(seconds * 1_000).toISOString() : String(seconds * 1_000)
}
