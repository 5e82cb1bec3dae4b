/** Compares an invoice with recorded spend, by model and day. */
import { sumOf } from '../exact-sum'
import type { Spend } from '../spend'
import type { Invoice } from './invoice'

export interface Difference {
  /** `YYYY-MM-DD` in UTC. */
  readonly date: string
  /** The invoice's name of the model, else that of the calls; undefined for items without a model. */
  readonly model: string | undefined
  /** USD. */
  readonly invoiced: number
  /** USD. */
  readonly counted: number
  /** Number of recorded calls without a price. */
  readonly unpriced: number
  /** Maximum difference due to rounding, in USD. */
  readonly rounding: number
  /** A likely reason; undefined if both agree. */
  readonly why: string | undefined
}

export interface Comparison {
  /** By day and model. */
  readonly differences: readonly Difference[]
  /** Sum of the invoice's credits, negative. */
  readonly credits: number
  readonly invoiced: number
  readonly counted: number
}

/**
 * Normalises the name of a model, which may differ between requests and invoices: `claude-sonnet-4-5-20250929` and `Claude Sonnet 4.5`,
 * `gpt-4o` and `gpt-4o-2024-08-06`.
 */
export function modelKey(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/-(?:latest|\d{8}|\d{4}-\d\d-\d\d)$/, '')
    .replace(/^(gpt-[\w.-]*?)-\d{4}$/, '$1')
  if (!plain.startsWith('claude')) return plain
  // older names have the version before the family
  const parts = plain.split(/[^a-z0-9]+/)
  return [
    'claude',
    ...parts.slice(1).filter(part => !/^\d/.test(part)),
    ...parts.filter(part => /^\d/.test(part)),
  ].join('-')
}

/** @param counted spend at this provider by UTC day and model */
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
  // an invoice without models is compared by day
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
  // tolerates a thousandth of a cent, plus rounding
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
