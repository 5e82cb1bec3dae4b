// What Prometheus calls a metric and a label that come to it by OTLP, so that a scrape and a rule give the same names.
// The rules are those of its translation strategy `UnderscoreEscapingWithSuffixes`, the one of our
// prometheus.yml: https://prometheus.io/docs/guides/opentelemetry/#utf-8, read in prometheus/otlptranslator 1.0.

/** Only a counter has a suffix of its own, and only a gauge of the unit `1` is a ratio. */
export type Kind = 'counter' | 'gauge' | 'other'

/** UCUM → the word of Prometheus; other units stay as they are. */
const units: Readonly<Record<string, string>> = {
  d: 'days',
  h: 'hours',
  min: 'minutes',
  s: 'seconds',
  ms: 'milliseconds',
  us: 'microseconds',
  ns: 'nanoseconds',
  By: 'bytes',
  KiBy: 'kibibytes',
  MiBy: 'mebibytes',
  GiBy: 'gibibytes',
  TiBy: 'tibibytes',
  KBy: 'kilobytes',
  MBy: 'megabytes',
  GBy: 'gigabytes',
  TBy: 'terabytes',
  m: 'meters',
  V: 'volts',
  A: 'amperes',
  J: 'joules',
  W: 'watts',
  g: 'grams',
  Cel: 'celsius',
  Hz: 'hertz',
  '1': '',
  '%': 'percent',
}

/** The same behind a slash. */
const perUnits: Readonly<Record<string, string>> = {
  s: 'second',
  m: 'minute',
  h: 'hour',
  d: 'day',
  w: 'week',
  mo: 'month',
  y: 'year',
}

/** @returns `undefined` where nothing is left of the name: such a metric has none in Prometheus */
export function metricName(name: string, unit: string, kind: Kind): string | undefined {
  const words = name.split(/[^A-Za-z0-9:]+/).filter(Boolean)
  const slash = unit.indexOf('/')
  const main = unitWord(slash < 0 ? unit : unit.slice(0, slash), units)
  const per = slash < 0 ? '' : unitWord(unit.slice(slash + 1), perUnits).replace(/_$/, '')
  if (main && !words.includes(main)) words.push(per ? main.replace(/_$/, '') : main)
  if (per) words.push(`per_${per}`)
  const suffix = kind === 'counter' ? 'total' : kind === 'gauge' && unit === '1' ? 'ratio' : undefined
  const translated = (suffix ? [...words.filter(word => word !== suffix), suffix] : words).join('_')
  return /[^_]/.test(translated) ? translated.replace(/^(?=\d)/, '_') : undefined
}

/** An annotation as in `{token}` is no unit. */
function unitWord(text: string, known: Readonly<Record<string, string>>): string {
  const unit = text.trim()
  if (/[{}]/.test(unit)) return ''
  return (Object.hasOwn(known, unit) ? (known[unit] as string) : unit).replace(/[^A-Za-z0-9:]+/g, '_').replace(/^_/, '')
}

/** @returns `undefined` for what no series of a scrape can carry: `__name__` and its kind, and names of nothing but underscores */
export function labelName(key: string): string | undefined {
  const name = key.replace(/[^A-Za-z0-9_]/gu, '_')
  if (name.startsWith('__') || !/[^_]/.test(name)) return undefined
  if (/^\d/.test(name)) return `key_${name}`
  return name.startsWith('_') ? `key${name}` : name
}
