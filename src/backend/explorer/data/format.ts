// Numbers and times for people. Called wherever one is shown.
import type { Language } from '../i18n'

const locales: Record<Language, string> = { en: 'en-GB', ja: 'ja-JP' }

/** Three digits that matter, in the unit that fits: `532 µs`, `1.25 ms`, `3.4 s`, `2 m 5 s`, `1 h 3 m`. */
export function duration(ns: bigint | number): string {
  const number = Number(ns)
  if (number === 0) return '0'
  if (number < 1e3) return `${number} ns`
  if (number < 1e6) return `${three(number / 1e3)} µs`
  if (number < 1e9) return `${three(number / 1e6)} ms`
  if (number < 60e9) return `${three(number / 1e9)} s`
  const seconds = Math.round(number / 1e9)
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} m ${seconds % 60} s`
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h ${Math.floor((seconds % 3_600) / 60)} m`
  return `${Math.floor(seconds / 86_400)} d ${Math.floor((seconds % 86_400) / 3_600)} h`
}

export function durationMs(ms: number): string {
  return duration(ms * 1e6)
}

function three(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? trimmed(value.toFixed(1)) : trimmed(value.toFixed(2))
}

function trimmed(text: string): string {
  return text.replace(/\.?0+$/, '')
}

/** USD: cents from a dollar on, else three digits that matter; a call may cost a thousandth of a cent. */
export function usd(value: number): string {
  if (value === 0) return '$0'
  const size = Math.abs(value)
  if (size >= 1) return `$${value.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`
  const digits = 2 - Math.floor(Math.log10(size))
  // a sum is never shown as nothing
  if (digits > 12) return `$${value.toExponential(2)}`
  return `$${trimmed(value.toFixed(digits))}`
}

/** `1,234` below ten thousand, then `12.3k`, `4.56M`; of a fraction three digits that matter. */
export function count(value: number): string {
  const size = Math.abs(value)
  if (size > 0 && size < 1) return String(Number(value.toPrecision(3)))
  if (size < 10_000) return value.toLocaleString('en-US', { maximumFractionDigits: 2 })
  for (const [unit, letter] of [
    [1e12, 'T'],
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const)
    if (size >= unit) return `${three(value / unit)}${letter}`
  return String(value)
}

export function bytes(value: number): string {
  if (value < 1_000) return `${value} B`
  for (const [unit, name] of [
    [1e12, 'TB'],
    [1e9, 'GB'],
    [1e6, 'MB'],
    [1e3, 'kB'],
  ] as const)
    if (value >= unit) return `${three(value / unit)} ${name}`
  return `${value} B`
}

export function percent(part: number, whole: number): string {
  return whole > 0 ? `${three((100 * part) / whole)} %` : '–'
}

/** In the reader's zone to the millisecond, or to the second: the time alone for today, else with the date. */
export function localTime(ms: number, language: Language, nowMs = Date.now(), isShort = false): string {
  const date = new Date(ms)
  const time = date.toLocaleTimeString(locales[language], {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    ...(!isShort && { fractionalSecondDigits: 3 }),
    hourCycle: 'h23',
  })
  if (date.toDateString() === new Date(nowMs).toDateString()) return time
  const sameYear = date.getFullYear() === new Date(nowMs).getFullYear()
  const day = date.toLocaleDateString(locales[language], {
    month: 'short',
    day: 'numeric',
    ...(!sameYear && { year: 'numeric' }),
  })
  return `${day} ${time}`
}

/** `2026-11-24T10:00:00.123456789Z`: to the nanosecond, which a Date can't hold. */
export function utcTime(ns: bigint): string {
  const second = 1_000_000_000n
  const date = new Date(Number(ns / second) * 1000)
  if (Number.isNaN(date.getTime())) return `${ns} ns`
  return `${date.toISOString().slice(0, 19)}.${String(ns % second).padStart(9, '0')}Z`
}

/**
 * Below a chart: the time, with its day at the first tick and where another day begins; where ticks are that far apart, the day.
 * @param step seconds between ticks; @param before the tick before it
 */
export function tickTime(seconds: number, step: number, language: Language, before: number | undefined): string {
  const date = new Date(seconds * 1000)
  const day = date.toLocaleDateString(locales[language], { month: 'short', day: 'numeric' })
  if (step >= 86_400) return day
  const isSame = before !== undefined && new Date(before * 1000).toDateString() === date.toDateString()
  if (!isSame && before !== undefined && date.getHours() === 0 && date.getMinutes() === 0) return day
  const time = date.toLocaleTimeString(locales[language], {
    hour: '2-digit',
    minute: '2-digit',
    ...(step < 60 && { second: '2-digit' }),
    hourCycle: 'h23',
  })
  return isSame ? time : `${day} ${time}`
}

export function dateTime(seconds: number, language: Language): string {
  return new Date(seconds * 1000).toLocaleString(locales[language], { dateStyle: 'medium', timeStyle: 'short' })
}

/** `3 minutes ago`, `in 2 days`. */
export function relative(seconds: number, language: Language, nowMs = Date.now()): string {
  const distance = seconds - nowMs / 1000
  const format = new Intl.RelativeTimeFormat(locales[language])
  for (const [unit, size] of [
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
  ] as const)
    if (Math.abs(distance) >= size) return format.format(Math.round(distance / size), unit)
  return format.format(Math.trunc(distance), 'second')
}
