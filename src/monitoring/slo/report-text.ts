/** Renders a monthly report as Markdown. */
import { burnRate } from './burn-rate'
import type { Month } from './month'
import type { Cause, Day, MonthOfSlo } from './report'
import { budgetOf, type Exclusion, type Slo } from './spec'

/** Maximum number of days and values to list; totals include the others. */
const MOST = 5
const DAY_MINUTES = 1_440

export interface Report {
  readonly month: Month
  /** Unix time in seconds. */
  readonly now: number
  /** The source of the numbers, without credentials. */
  readonly from: string
  readonly slos: readonly MonthOfSlo[]
  /** SLOs without data. */
  readonly without: readonly Slo[]
}

export function reportText({ month, now, from, slos, without }: Report): string {
  const isOver = now >= month.end
  const rows = slos.map(one => {
    const { slo, part } = one
    const { ratio, events } = totalOf(one)
    const spent = ratio === undefined ? undefined : burnRate(slo, ratio)
    return [
      code(slo.id) + ofPart(part),
      `${slo.objective} %`,
      ratio === undefined ? '–' : sliText(ratio),
      spent === undefined ? '–' : percent(spent),
      spent === undefined ? '–' : percent(1 - spent),
      events ? count(events.total) : 'not counted',
    ]
  })
  return [
    `# Service level objectives, ${month.name}`,
    `${isOver ? 'The whole month' : `The month until ${timeOf(now)}`}, in UTC, from ${from}. The budget is what the objective allows to fail in this period.`,
    table(['SLO', 'objective', 'SLI', 'budget spent', 'budget left', 'events'], rows),
    ...slos.map(sectionOf(month)),
    ...(without.length > 0
      ? [
          `## Without data\n\nPrometheus has neither recorded series nor the metric for ${without.map(({ id }) => code(id)).join(', ')} in this month: the rules were not loaded, nothing sent the metric, or its name or conditions differ (\`afn-otel doctor\`).`,
        ]
      : []),
  ]
    .join('\n\n')
    .concat('\n')
}

const sectionOf =
  (month: Month) =>
  (one: MonthOfSlo): string => {
    const { slo, part } = one
    const { ratio, events } = totalOf(one)
    const allowed = events && events.total * budgetOf(slo)
    const parts = [
      `## ${slo.id.replace(/[_*]/g, '\\$&')}${ofPart(part)}`,
      ...(slo.description ? [plain(slo.description)] : []),
      ratio === undefined
        ? 'No events.'
        : events
          ? `${count(events.bad)} of ${count(events.total)} events were bad; the objective allows ${count(Math.floor(allowed!))}.`
          : `The SLI is a ratio without counts; its mean over the recorded minutes is ${sliText(ratio)}.`,
      ...notCounted(one, month),
      ...worstDays(one),
      ...one.causes.map(causeOf),
    ]
    return parts.join('\n\n')
  }

const ofPart = (part: string): string => (part === '' ? '' : ` (${plain(part)})`)

interface Total {
  readonly ratio: number | undefined
  readonly events: Day['events']
}

/** Every event has the same weight; without counts, every minute does. */
function totalOf({ days }: MonthOfSlo): Total {
  if (days.some(({ events }) => events)) {
    const events = { total: sum(days, day => day.events?.total), bad: sum(days, day => day.events?.bad) }
    return { events, ratio: events.total > 0 ? events.bad / events.total : undefined }
  }
  const minutes = sum(days, ({ minutes, ratio }) => (ratio === undefined ? 0 : minutes))
  const bad = sum(days, ({ minutes, ratio }) => minutes * (ratio ?? 0))
  return { events: undefined, ratio: minutes > 0 ? bad / minutes : undefined }
}

function notCounted(one: MonthOfSlo, month: Month): string[] {
  const { slo, source, days, minutes, excluded } = one
  const reasons = slo.exclude.filter(one => touches(one, month)).map(reasonOf)
  // an exclusion continues for five minutes after its end
  const missing = Math.max(0, minutes - sum(days, day => day.minutes) - excluded)
  const lines = [
    ...(excluded > 0
      ? [`- ${lasting(excluded)} excluded${reasons.length > 0 ? `: ${reasons.join('; ')}` : ' by slo_exclude'}`]
      : []),
    ...(missing >= 10
      ? [
          `- ${lasting(missing)} without recorded data${one.causes.length > 0 ? '; the causes include what the counters show for this time' : ''}`,
        ]
      : []),
    ...(one.withoutEdge.length > 0
      ? [
          `- ${one.withoutEdge.map(code).join(', ')}: no bucket edge at the threshold, so slow requests cannot be counted`,
        ]
      : []),
    ...(source === 'counters'
      ? ['- no recorded series for this SLO, so its metric was counted directly, ignoring `exclude`']
      : []),
  ]
  return lines.length > 0
    ? [`Not counted:\n\n${lines.join('\n')}`.replace(/^Not counted:\n\n(?=- no recorded)/, '')]
    : []
}

function touches(exclusion: Exclusion, { start, end }: Month): boolean {
  if (exclusion.kind === 'weekly') return true
  return exclusion.start.getTime() < end * 1_000 && exclusion.end.getTime() > start * 1_000
}

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

function reasonOf(exclusion: Exclusion): string {
  const reason = exclusion.reason ? `${plain(exclusion.reason)}, ` : ''
  if (exclusion.kind === 'once')
    return `${reason}${timeOf(exclusion.start.getTime() / 1_000)} to ${timeOf(exclusion.end.getTime() / 1_000)}`
  const clock = (minutes: number) => `${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`
  return `${reason}${exclusion.days.map(day => DAYS[day]).join(', ')} ${clock(exclusion.from)} to ${clock(exclusion.to)}`
}

/** The days that consumed the most budget. */
function worstDays(one: MonthOfSlo): string[] {
  const { slo, days } = one
  const { events } = totalOf(one)
  const minutes = sum(days, day => day.minutes)
  const shareOf = (day: Day) => {
    if (day.ratio === undefined) return 0
    const weight = events ? (day.events?.total ?? 0) / events.total : day.minutes / minutes
    return burnRate(slo, day.ratio * weight)
  }
  const worst = days
    .map(day => ({ day, share: shareOf(day) }))
    .filter(({ share }) => share > 0)
    .sort((a, b) => b.share - a.share)
    .slice(0, MOST)
  if (worst.length === 0) return []
  const rows = worst.map(({ day, share }) => [
    day.date,
    percent(share),
    sliText(day.ratio!),
    ...(day.events ? [count(day.events.bad), count(day.events.total)] : []),
  ])
  return [`### Worst days\n\n${table(['day', 'of the budget', 'SLI', ...(events ? ['bad', 'events'] : [])], rows)}`]
}

function causeOf({ attribute, values }: Cause): string {
  const total = sum(values, ({ bad }) => bad)
  const named = values.slice(0, MOST)
  const others = sum(values.slice(MOST), ({ bad }) => bad)
  const rows = [
    ...named.map(({ value, bad }) => [value === '' ? 'not set' : code(value), count(bad), percent(bad / total)]),
    ...(others > 0 ? [[`${values.length - MOST} others`, count(others), percent(others / total)]] : []),
  ]
  return `### Bad events by ${code(attribute)}\n\n${table([attribute, 'bad', 'share'], rows)}`
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n')

const sum = <T>(list: readonly T[], of: (one: T) => number | undefined): number =>
  list.reduce((total, one) => total + (of(one) ?? 0), 0)

const count = (value: number): string => Math.round(value).toLocaleString('en-US')

/** Removes rounding noise of a subtraction. */
const inPercent = (share: number): number => Math.round(share * 1e10) / 1e8

const percent = (share: number): string => `${Number(inPercent(share).toPrecision(3))} %`

/** Shows three significant digits of the bad share: 99.99466 %. */
function sliText(bad: number): string {
  const digits = inPercent(bad) > 0 ? 2 - Math.floor(Math.log10(inPercent(bad))) : 0
  return `${(100 - bad * 100).toFixed(Math.min(8, Math.max(2, digits)))} %`
}

function lasting(minutes: number): string {
  const parts: [number, string][] = [
    [Math.floor(minutes / DAY_MINUTES), 'd'],
    [Math.floor((minutes % DAY_MINUTES) / 60), 'h'],
    [Math.round(minutes % 60), 'min'],
  ]
  return parts
    .filter(([value]) => value > 0)
    .map(([value, unit]) => `${value} ${unit}`)
    .join(' ')
}

const pad = (value: number): string => String(value).padStart(2, '0')

const timeOf = (seconds: number): string =>
  `${new Date(seconds * 1_000).toISOString().slice(0, 16).replace('T', ' ')} UTC`

/** Escapes text by other people: no markup, no table cells, no line breaks. */
const plain = (text: string): string => oneLine(text).replace(/[\\`*_{}[\]<>#|!~]/g, '\\$&')

const oneLine = (text: string): string =>
  text
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, 300)

/** Formats text as code, unless it would end the code or a table cell. */
function code(text: string): string {
  const line = oneLine(text)
  return /[|`\\]/.test(line) || line === '' ? plain(line) : `\`${line}\``
}
