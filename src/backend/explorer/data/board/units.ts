// A value as Grafana writes it in one of its units, so that a panel says the same here and there.
import { clocks } from './unit-clocks'
import { currencies, currencyScale, plain, type Scale, scales, times } from './unit-table'

export interface FormatOptions {
  /** Digits behind the point. Default: three digits that matter. */
  readonly decimals?: number | undefined
  /** IANA name, for times. Default: the reader's. */
  readonly timeZone?: string | undefined
}

/** @param unit of Grafana's ids; another one stands behind the value as it is */
export function format(value: number, unit: string, options: FormatOptions = {}): string {
  const { decimals } = options
  if (Number.isNaN(value)) return 'NaN'
  const suffix = plain.get(unit)
  if (suffix !== undefined) return fixed(value, decimals) + suffix
  const scale = scales.get(unit)
  if (scale) return inScale(value, scale, decimals).join('')
  const steps = times.get(unit)?.steps
  if (unit === 's' && value === 0) return '0 s'
  if (steps) return inTime(value, steps, decimals)
  const symbol = /^currency(.+)$/.exec(unit)?.[1]
  if (symbol !== undefined) return money(value, currencies.get(symbol) ?? symbol, decimals)
  return others[unit]?.(value, options) ?? `${fixed(value, decimals)} ${unit}`
}

export const isBinary = (unit: string): boolean => scales.get(unit)?.base === 1024

/** The decimals that show three digits that matter, and none of a whole number. */
function decimalsFor(value: number): number {
  if (value % 1 === 0) return 0
  const digits = 1 - Math.floor(Math.log(Math.abs(value)) / Math.LN10)
  const leading = Math.abs(value) / 10 ** -digits
  return Math.max(0, leading > 2.25 ? digits + 1 : digits)
}

export function fixed(value: number, decimals = decimalsFor(value)): string {
  if (!Number.isFinite(value)) return value.toLocaleString('en-US')
  if (value === 0) return value.toFixed(decimals)
  const factor = decimals > 0 ? 10 ** decimals : 1
  const text = String(Math.round(value * factor) / factor)
  if (text.includes('e')) return text
  const [whole, fraction = ''] = text.split('.')
  return decimals > fraction.length ? `${whole}.${fraction.padEnd(decimals, '0')}` : text
}

function inScale(value: number, { base, suffixes, at }: Scale, decimals?: number): [number: string, suffix: string] {
  if (!Number.isFinite(value)) return [fixed(value), '']
  // a logarithm of 1000 may be a hair below 3
  const size = value === 0 ? 0 : Math.floor(logarithm(base, Math.abs(value)))
  const index = Math.min(Math.max(at + size, 0), suffixes.length - 1)
  return [fixed(value / base ** (index - at), decimals), suffixes[index]!]
}

const logarithm = (base: number, value: number): number => Math.log10(value) / Math.log10(base)

function inTime(
  value: number,
  steps: readonly (readonly [below: number, suffix: string, divisor: number])[],
  decimals?: number,
): string {
  const [, suffix, divisor] = steps.find(([below]) => Math.abs(value) < below) ?? steps.at(-1)!
  const shown = divisor < 1 ? value * Math.round(1 / divisor) : value / divisor
  // minutes and hours that are shown as they are have no plural there
  const isMany =
    Math.abs(shown) > 1 && (/^ (?:day|week|year)$/.test(suffix) || (divisor !== 1 && / (?:min|hour)$/.test(suffix)))
  return `${fixed(shown, decimals)}${suffix}${isMany ? 's' : ''}`
}

function money(value: number, symbol: string, decimals?: number): string {
  const [number, size] = inScale(Math.abs(value), currencyScale, decimals)
  const sign = value < 0 ? '-' : ''
  return symbol.startsWith('-') ? `${sign}${number}${size}${symbol.slice(1)}` : `${sign}${symbol}${number}${size}`
}

const others: Readonly<Record<string, (value: number, options: FormatOptions) => string>> = {
  string: String,
  percentunit: (value, { decimals }) => `${fixed(value * 100, decimals)}%`,
  hex: hexadecimal,
  hex0x: (value, options) => hexadecimal(value, options).replace(/^-?/, '$&0x'),
  sci: (value, { decimals }) => value.toExponential(decimals),
  locale: (value, { decimals }) =>
    value.toLocaleString('en-US', decimals === undefined ? {} : { maximumFractionDigits: decimals }),
  bool: value => (value ? 'True' : 'False'),
  bool_yes_no: value => (value ? 'Yes' : 'No'),
  bool_on_off: value => (value ? 'On' : 'Off'),
  timeticks: (value, options) => format(value / 100, 's', options),
  ...clocks,
}

function hexadecimal(value: number, { decimals }: FormatOptions): string {
  return Number(fixed(value, decimals)).toString(16).toUpperCase()
}
