/** Converts US dollars, in which prices are listed, to the account's currency. */
import type { CostConfig } from './config'

/**
 * @param date of the spend, `YYYY-MM-DD`
 * @returns the price of a dollar in the account's currency
 * @throws Error if no rate applies on that day
 */
export function rateOn(date: string, { currency, rates }: Pick<CostConfig, 'currency' | 'rates'>): number {
  if (currency === 'USD') return 1
  const rate = rates.findLast(({ from }) => from <= date)
  if (rate) return rate.perUsd
  throw new Error(
    `no exchange rate from USD to ${currency} for ${date}: the first is from ${rates[0]?.from ?? 'no day'}; add one to exchange_rates`,
  )
}

interface Formats {
  /** Below this value, the currency's own precision would show next to nothing. */
  readonly tiny: number
  readonly usual: Intl.NumberFormat
}

const formats = new Map<string, Formats>()
const ofTiny = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 })

function formatsOf(currency: string): Formats {
  const known = formats.get(currency)
  if (known) return known
  const { maximumFractionDigits: digits = 2 } = new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
  }).resolvedOptions()
  const usual = new Intl.NumberFormat('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
  const made = { tiny: 100 * 10 ** -digits, usual }
  formats.set(currency, made)
  return made
}

/** Formats amounts such as `12,345 JPY` and `0.0123 USD`: with the currency's precision, or more for small amounts. */
export function money(value: number, currency: string): string {
  const { tiny, usual } = formatsOf(currency)
  const isTiny = value !== 0 && Math.abs(value) < tiny
  return `${(isTiny ? ofTiny : usual).format(value)} ${currency}`
}
