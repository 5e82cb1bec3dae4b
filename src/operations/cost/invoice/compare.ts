/** An invoice against what was counted, by model and day. */
import { sumOf } from '../exact-sum'
import type { Spend } from '../spend'
import type { Invoice } from './invoice'

export interface Difference {
  /** `YYYY-MM-DD`, of UTC. */
  readonly date: string
  /** As the invoice names it, else as calls name it; undefined for what belongs to no model. */
  readonly model: string | undefined
  /** USD. */
  readonly invoiced: number
  /** USD. */
  readonly counted: number
  /** Calls of it that were counted, and have no price. */
  readonly unpriced: number
  /** What rounding alone may make of it, in USD. */
  readonly rounding: number
  /** What may have led to it; undefined where the two agree. */
  readonly why: string | undefined
}

export interface Comparison {
  /** By day and model. */
  readonly differences: readonly Difference[]
  /** Sum of the credits on the invoice, below 0. */
  readonly credits: number
  readonly invoiced: number
  readonly counted: number
}

/**
 * The name of a model without what differs between the requests of an app and the invoice: `claude-sonnet-4-5-20250929` and
 * `Claude Sonnet 4.5`, `gpt-4o` and `gpt-4o-2024-08-06`.
 */
export function modelKey(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/-(?:latest|\d{8}|\d{4}-\d\d-\d\d)$/, '')
    .replace(/^(gpt-[\w.-]*?)-\d{4}$/, '$1')
  if (!plain.startsWith('claude')) return plain
  // the family stood behind the version once
  const parts = plain.split(/[^a-z0-9]+/)
  return [
    'claude',
    ...parts.slice(1).filter(part => !/^\d/.test(part)),
    ...parts.filter(part => /^\d/.test(part)),
  ].join('-')
}

/** @param counted by day of UTC: what was spent on the provider, by model */
export function compare({ lines, rounding }: Invoice, counted: ReadonlyMap<string, readonly Spend[]>): Comparison {
  const charges = lines.filter(({ usd }) => usd >= 0)
  const rows = new Map<string, { date: string; model: string | undefined; usd: number[]; spends: Spend[] }>()
  const rowOf = (date: string, model: string | undefined) => {
    const key = `${date} ${model === undefined ? '' : modelKey(model)}`
    const row = rows.get(key) ?? { date, model, usd: [], spends: [] }
    rows.set(key, row)
    return row
  }
  for (const { date, model, usd } of charges) rowOf(date, model).usd.push(usd)
  // an invoice without models is compared by days
  const isBrokenDown = charges.some(({ model }) => model !== undefined)
  for (const [date, spends] of counted)
    for (const spend of spends) rowOf(date, isBrokenDown ? spend.labels.model : undefined).spends.push(spend)
  const differences = [...rows.values()]
    .map(row => differenceOf(row, rounding))
    .toSorted((a, b) => (a.date === b.date ? b.invoiced - a.invoiced : a.date < b.date ? -1 : 1))
  return {
    differences,
    credits: sumOf(lines.filter(({ usd }) => usd < 0).map(({ usd }) => usd)),
    invoiced: sumOf(charges.map(({ usd }) => usd)),
    counted: sumOf([...counted.values()].flat().map(({ usd }) => usd)),
  }
}

function differenceOf(
  row: { date: string; model: string | undefined; usd: readonly number[]; spends: readonly Spend[] },
  rounding: number,
): Difference {
  const { date, model, usd, spends } = row
  const invoiced = sumOf(usd)
  const counted = sumOf(spends.map(spend => spend.usd))
  const unpriced = spends.reduce((sum, spend) => sum + spend.unpriced, 0)
  const rounds = rounding * usd.length
  return {
    date,
    model,
    invoiced,
    counted,
    unpriced,
    rounding: rounds,
    why: whyOf({ model, usd, spends, invoiced, counted, unpriced, rounds }),
  }
}

function whyOf(row: {
  model: string | undefined
  usd: readonly number[]
  spends: readonly Spend[]
  invoiced: number
  counted: number
  unpriced: number
  rounds: number
}): string | undefined {
  const difference = row.invoiced - row.counted
  // a thousandth of a cent, and what rounding makes of it
  if (Math.abs(difference) <= row.rounds + 1e-5) return undefined
  if (row.model === undefined && row.spends.length === 0) return 'not model usage: tools, storage and similar'
  if (row.spends.length === 0)
    return 'not recorded: an app without the SDK, another key, or a batch that nobody fetched'
  if (row.usd.length === 0) return 'not billed here: another account, credits, or a day not yet closed'
  if (row.unpriced > 0 && difference > 0)
    return `${row.unpriced} calls have no price: see "afn-otel query unpriced-operations"`
  return difference > 0
    ? 'billed more than recorded: calls without the SDK, or an outdated price'
    : 'billed less than recorded: a discount, or an outdated price'
}
