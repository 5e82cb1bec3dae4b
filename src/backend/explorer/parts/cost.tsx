// A sum of money, with how many calls it leaves out because their cost is not known: the sum is too low by them.
import type { UnpricedCalls } from '../../api/answers'
import { count, usd } from '../data/format'
import { type Translate, useText } from '../i18n'

export interface CostProps extends Partial<UnpricedCalls> {
  /** Null where the cost of no call is known. */
  readonly costUsd: number | null
  /** Priced or not. */
  readonly calls?: number | undefined
}

/** `≥ $0.42` where calls are left out, `unpriced` or `tokens unknown` where all are, `–` where there is nothing to pay for. */
export function costText(t: Translate, { costUsd, unpriced = 0, unpricedBy }: CostProps): string {
  // a model may well have a price
  if (costUsd === null && unpriced > 0 && unpricedBy?.no_usage === unpriced) return t('cost.no_usage')
  if (costUsd === null) return unpriced > 0 ? t('cost.unpriced') : '–'
  return `${unpriced > 0 ? '≥ ' : ''}${usd(costUsd)}`
}

/** How many calls a sum leaves out, and why; undefined where it leaves out none. */
export function unpricedText(
  t: Translate,
  { unpriced = 0, unpricedBy, calls }: Omit<CostProps, 'costUsd'>,
): string | undefined {
  if (unpriced === 0) return undefined
  const { no_price: noPrice = 0, no_usage: noUsage = 0 } = unpricedBy ?? {}
  const why = [
    ...(noPrice > 0 ? [t('unpriced.no_price', { n: count(noPrice) })] : []),
    ...(noUsage > 0 ? [t('unpriced.no_usage', { n: count(noUsage) })] : []),
  ]
  return t('unpriced.calls', { n: count(unpriced), calls: count(calls ?? unpriced), why: why.join(t('list.comma')) })
}

/** For a cell: the sum, how many calls it leaves out, and why as its title. @param short where there is no room for words */
export function Cost({ short = false, ...props }: CostProps & { readonly short?: boolean }) {
  const t = useText()
  const why = unpricedText(t, props)
  return (
    <span title={why}>
      {costText(t, props)}
      {why && props.costUsd !== null && (
        <span class="unpriced">
          {' '}
          {t(short ? 'unpriced.number' : 'unpriced.short', { n: count(props.unpriced ?? 0) })}
        </span>
      )}
      {why && <span class="hidden"> ({why})</span>}
    </span>
  )
}
