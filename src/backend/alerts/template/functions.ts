// The functions of Prometheus' and Go's templates, https://prometheus.io/docs/prometheus/latest/configuration/template_reference

import { parseDuration } from '../../../shared/durations'
import { compareTexts } from '../../promql/labels'
import { general, goTime, humanize, humanize1024, humanizeDuration, shortest, withExponent } from './numbers'
import { TemplateError } from './parse'

/** A sample in a query result; the fields have Go's names. */
export interface Sample {
  readonly Labels: Readonly<Record<string, string>>
  readonly Value: number
}

// biome-ignore lint/suspicious/noExplicitAny: a template has no types
export type Value = any

/** What templates can access besides their data. */
export interface Surroundings {
  readonly externalUrl: string
  /** Runs an instant query at the moment of the evaluation. */
  query(text: string): Promise<readonly Sample[]>
}

type Function = (...args: Value[]) => Value

export const functionsOf = ({ externalUrl, query }: Surroundings): Readonly<Record<string, Function>> => ({
  ...plain,
  query,
  externalURL: () => externalUrl,
  pathPrefix: () => new URL(externalUrl).pathname.replace(/\/$/, ''),
})

const plain: Readonly<Record<string, Function>> = {
  first(samples: readonly Sample[]) {
    if (samples.length === 0) throw new TemplateError('first() called on vector with no elements')
    return samples[0]
  },
  label: (name: string, sample: Sample) => sample.Labels[name] ?? '',
  value: (sample: Sample) => sample.Value,
  strvalue: (sample: Sample) => sample.Labels.__value__ ?? '',
  sortByLabel: (name: string, samples: readonly Sample[]) =>
    [...samples].sort((a, b) => compareTexts(a.Labels[name] ?? '', b.Labels[name] ?? '')),
  args: (...values) => Object.fromEntries(values.map((value, at) => [`arg${at}`, value])),
  humanize: value => humanize(numberOf(value)),
  humanize1024: value => humanize1024(numberOf(value)),
  humanizeDuration: value => humanizeDuration(numberOf(value)),
  humanizePercentage: value => `${general(numberOf(value) * 100)}%`,
  humanizeTimestamp: value => goTime(numberOf(value)),
  toTime: value => goTime(numberOf(value)),
  parseDuration(text: string) {
    const seconds = parseDuration(text)
    if (seconds === undefined) throw new TemplateError(`not a valid duration string: ${JSON.stringify(text)}`)
    return seconds
  },
  title: (text: string) => text.replace(/(?<![\p{L}\p{N}_'])\p{L}/gu, letter => letter.toUpperCase()),
  toUpper: (text: string) => text.toUpperCase(),
  toLower: (text: string) => text.toLowerCase(),
  stripPort: (text: string) => /^(?:\[(.*)\]|([^:]*)):\d*$/.exec(text)?.slice(1).find(Boolean) ?? text,
  stripDomain: (text: string) =>
    text.replace(/^([^.:/]+)\.[^:]*(?=:|$)/, (all, host: string) => (/^\d+$/.test(host) ? all : host)),
  match: (expression: string, text: string) => expressionOf(expression).test(text),
  reReplaceAll: (expression: string, by: string, text: string) =>
    text.replace(
      expressionOf(expression, 'g'),
      by.replace(/\$\{(\w+)\}/g, (_, name: string) => (/^\d+$/.test(name) ? `$${name}` : `$<${name}>`)),
    ),
  safeHtml: text => text,
  graphLink: (expr: string) => `/graph?g0.expr=${encodeURIComponent(expr)}&g0.tab=0`,
  tableLink: (expr: string) => `/graph?g0.expr=${encodeURIComponent(expr)}&g0.tab=1`,
  and: (...values) => values.find(value => !isTrue(value)) ?? values.at(-1),
  or: (...values) => values.find(isTrue) ?? values.at(-1),
  not: value => !isTrue(value),
  eq: (value, ...others) => others.some(other => other === value),
  ne: (a, b) => a !== b,
  lt: (a, b) => a < b,
  le: (a, b) => a <= b,
  gt: (a, b) => a > b,
  ge: (a, b) => a >= b,
  len: value => (typeof value === 'string' ? Buffer.byteLength(value) : Object.keys(value ?? {}).length),
  index: (value, ...keys) => keys.reduce((found, key) => (Object.hasOwn(found ?? {}, key) ? found[key] : ''), value),
  slice: (value, from = 0, to = value.length) => value.slice(from, to),
  print: (...values) => values.map(written).join(' '),
  println: (...values) => `${values.map(written).join(' ')}\n`,
  printf,
  html: value => written(value).replace(/[<>&"']/g, sign => `&#${sign.charCodeAt(0)};`),
  js: value => JSON.stringify(written(value)).slice(1, -1),
  urlquery: value => encodeURIComponent(written(value)).replace(/%20/g, '+'),
}

/** Go's truth rule: an empty value is false. */
export const isTrue = (value: Value): boolean =>
  typeof value === 'object' && value !== null ? Object.keys(value).length > 0 : Boolean(value)

/** Formats a value as a template prints it. */
export function written(value: Value): string {
  if (value === undefined || value === null) return '<no value>'
  if (typeof value === 'number') return shortest(value)
  if (typeof value !== 'object') return String(value)
  if (Array.isArray(value)) return `[${value.map(written).join(' ')}]`
  const entries = Object.entries(value as Record<string, Value>).sort(([a], [b]) => compareTexts(a, b))
  return `map[${entries.map(([key, each]) => `${key}:${written(each)}`).join(' ')}]`
}

function numberOf(value: Value): number {
  const number = typeof value === 'string' ? Number(value.replace(/^([+-]?)Inf$/, '$1Infinity')) : value
  if (typeof number === 'number' && (value === 'NaN' || !Number.isNaN(number) || typeof value === 'number'))
    return number
  throw new TemplateError(`can't convert ${written(value)} to float`)
}

/** Parses a regular expression. RE2 and JavaScript differ only in syntax that templates hardly use. */
function expressionOf(text: string, flags = ''): RegExp {
  try {
    return new RegExp(text, flags)
  } catch {
    throw new TemplateError(`error parsing regexp: ${text}`)
  }
}

function printf(format: string, ...values: Value[]): string {
  let next = 0
  return format.replace(
    /%([-+ 0#]*)(\d*)(?:\.(\d*))?([a-zA-Z%])/g,
    (whole, flags: string, width: string, digits: string | undefined, verb: string) => {
      if (verb === '%') return '%'
      if (next >= values.length) return `%!${verb}(MISSING)`
      const text = formatted(verb, values[next++], digits === undefined ? undefined : Number(digits)) ?? whole
      const signed = flags.includes('+') && /^\d/.test(text) ? `+${text}` : text
      if (flags.includes('-')) return signed.padEnd(Number(width))
      return signed.padStart(Number(width), flags.includes('0') ? '0' : ' ')
    },
  )
}

function formatted(verb: string, value: Value, digits: number | undefined): string | undefined {
  const isNumber = typeof value === 'number'
  if (verb === 'v') return written(value)
  if (verb === 's') return digits === undefined ? written(value) : written(value).slice(0, digits)
  if (verb === 'q') return JSON.stringify(written(value))
  if (verb === 't') return String(value)
  if (!isNumber) return `%!${verb}(${typeof value}=${written(value)})`
  if (verb === 'd') return String(Math.trunc(value))
  if (verb === 'f' || verb === 'F') return Number.isFinite(value) ? value.toFixed(digits ?? 6) : shortest(value)
  if (verb === 'e') return withExponent(value.toExponential(digits ?? 6))
  if (verb === 'g') return digits === undefined ? shortest(value) : general(value, digits)
  if (verb === 'x') return Math.trunc(value).toString(16)
  return undefined
}
