// `afn-otel cost report`: what calls cost, by the dimensions that the user names.
import { parseArgs } from 'node:util'
import { type CostConfig, type Dimension, dimensions } from '../../operations/cost/config'
import { ExactSum } from '../../operations/cost/exact-sum'
import { money, rateOn } from '../../operations/cost/money'
import { type Spend, totalOf, totalsBy, whyUnpriced } from '../../operations/cost/spend'
import type { Tokens } from '../../operations/cost/tokens'
import { addDays, isDate } from '../../shared/calendar/dates'
import { type Day, daysOf, periodAt, type Span } from '../../shared/calendar/period'
import { dateAt, startOfDay } from '../../shared/calendar/time-zone'
import { table } from '../../shared/queries/table'
import { answering } from '../backends'
import { helpOption, print } from '../help'
import { type Options, optionLines } from '../options'
import { json } from '../terminal'
import { configOption, costConfig } from './configuration'
import { gapNotes, sourceOptions, sourcesOf } from './sources'

export const options = {
  by: { type: 'string', argument: 'LIST', default: 'model', help: `group by day, ${dimensions.join(', ')}` },
  from: {
    type: 'string',
    argument: 'DAY',
    help: "first day in the account's time zone, such as 2026-11-01",
    otherwise: 'the first of this month',
  },
  to: { type: 'string', argument: 'DAY', help: 'last day', otherwise: 'today' },
  ...configOption,
  ...sourceOptions,
  json: { type: 'boolean', default: false, help: 'prints the report as JSON' },
} as const satisfies Options

const help = `Usage: afn-otel cost report [--by service,model] [--from DAY] [--to DAY] [OPTIONS]

Reports the cost and tokens of LLM calls in the account's currency, highest cost first. >= marks a total that includes calls without
a price.

${optionLines(options)}

Exit codes: 0 success; 1 a backend is unreachable or rejects the request, or the file has errors; 2 usage error.`

/** @returns the exit code, as `help` says */
export async function report(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { ...options, ...helpOption } })
  if (values.help) return print(help)
  const config = costConfig(values.config)
  if (!config) return 1
  const { byDay, by } = columnsOf(values.by)
  const now = Date.now()
  const days = daysOf(spanOf(values, config, now), config.timeZone)
  const sources = sourcesOf(values, config)
  return answering('cost report', async () => {
    const source = await sources.knowing(by)
    const spends = await source.spend(days, by)
    const rows = rowsOf(days, spends, byDay, by, config)
    const tokens = await source.tokens(days)
    const notes = await gapNotes(source, days[0]!.start)
    if (values.json) {
      const { timeZone, currency } = config
      const period = { from: days[0]!.date, to: days.at(-1)!.date, timeZone, currency }
      return print(json({ ...period, source: source.name, rows, tokens, notes }, 2))
    }
    console.error(`${source.name}, ${days[0]!.date} to ${days.at(-1)!.date} ${config.timeZone}`)
    for (const note of notes) console.error(`note: ${note}`)
    return print(shown(rows, tokens, byDay, by, config.currency).join('\n'))
  })
}

interface Row {
  readonly day?: string
  readonly labels: Readonly<Partial<Record<Dimension, string>>>
  /** In the currency of the account. */
  readonly cost: number
  readonly usd: number
  readonly calls: number
  readonly unpriced: number
  /** Of the unpriced, those without a known number of tokens. */
  readonly noUsage: number
}

function columnsOf(list: string): { byDay: boolean; by: Dimension[] } {
  const names = list.split(',').map(name => name.trim())
  const wrong = names.find(name => name !== 'day' && !dimensions.includes(name as Dimension))
  if (wrong !== undefined) throw new Error(`--by takes a list of day, ${dimensions.join(', ')}, not "${wrong}"`)
  return { byDay: names.includes('day'), by: dimensions.filter(dimension => names.includes(dimension)) }
}

/** @throws Error when it has no days */
function spanOf(values: { from?: string; to?: string }, { timeZone }: CostConfig, now: number): Span {
  const dayOf = (option: string, text: string): string => {
    if (isDate(text)) return text
    throw new Error(`${option} takes a day such as 2026-11-01, not "${text}"`)
  }
  const start =
    values.from === undefined
      ? periodAt('month', now, timeZone).start
      : startOfDay(dayOf('--from', values.from), timeZone)
  const end = values.to === undefined ? now : Math.min(now, startOfDay(addDays(dayOf('--to', values.to), 1), timeZone))
  if (end > start) return { start, end }
  throw new Error(`no day to report on: --from ${dateAt(start, timeZone)} is after --to or in the future`)
}

function rowsOf(
  days: readonly Day[],
  spends: readonly Spend[][],
  byDay: boolean,
  by: readonly Dimension[],
  config: CostConfig,
): Row[] {
  const priced = days.flatMap(({ date }, index) => {
    const rate = rateOn(date, config)
    return totalsBy(spends[index]!, by).map(spend => ({ noUsage: 0, ...spend, day: date, cost: spend.usd * rate }))
  })
  if (byDay) return priced.map(({ labels, ...row }) => ({ ...row, labels }))
  const groups = new Map<
    string,
    { labels: Row['labels']; cost: ExactSum; usd: ExactSum; calls: number; unpriced: number; noUsage: number }
  >()
  for (const { labels, cost, usd, calls, unpriced, noUsage } of priced) {
    const key = JSON.stringify(labels)
    const group = groups.get(key) ?? {
      labels,
      cost: new ExactSum(),
      usd: new ExactSum(),
      calls: 0,
      unpriced: 0,
      noUsage: 0,
    }
    group.cost.add(cost)
    group.usd.add(usd)
    group.calls += calls
    group.unpriced += unpriced
    group.noUsage += noUsage
    groups.set(key, group)
  }
  return Array.from(groups.values(), row => ({ ...row, cost: row.cost.value, usd: row.usd.value })).toSorted(
    (a, b) => b.cost - a.cost,
  )
}

function shown(
  rows: readonly Row[],
  tokens: Tokens,
  byDay: boolean,
  by: readonly Dimension[],
  currency: string,
): string[] {
  const total = totalOf(rows.map(({ cost, ...row }) => ({ ...row, usd: cost })))
  const amount = (cost: number, unpriced: number) => `${unpriced > 0 ? '>= ' : ''}${money(cost, currency)}`
  const head = [...(byDay ? ['DAY'] : []), ...by.map(name => name.toUpperCase()), 'COST', 'SHARE', 'CALLS', 'UNPRICED']
  const share = (cost: number) => (total.usd > 0 ? `${((cost / total.usd) * 100).toFixed(1)} %` : '')
  const cellsOf = ({ day, labels, cost, calls, unpriced }: Row) => [
    ...(byDay ? [day ?? ''] : []),
    ...by.map(name => labels[name] ?? '(none)'),
    amount(cost, unpriced),
    share(cost),
    String(calls),
    String(unpriced),
  ]
  const percent = (part: number, whole: number) => (whole > 0 ? `${Math.round((part / whole) * 100)} %` : '0 %')
  const { input, cacheRead, cacheWrite, output, reasoning } = tokens
  return [
    ...table(head, rows.map(cellsOf)),
    '',
    `total ${amount(total.usd, total.unpriced)}, ${total.calls} calls${total.unpriced > 0 ? `, and ${total.unpriced} without a price (${whyUnpriced(total)})` : ''}`,
    `tokens: input ${input} (${percent(cacheRead, input)} from the cache, ${percent(cacheWrite, input)} written to it), output ${output} (${percent(reasoning, output)} reasoning)`,
  ]
}
