/** A board of the budgets that a user's `monitoring-config.json` has, by the clocks and in the currency of the account. */
import { ATTR_SERVICE_NAME } from '@opentelemetry/semantic-conventions/incubating'
import { ATTR_GEN_AI_AGENT_NAME, ATTR_GEN_AI_PROVIDER_NAME, ATTR_GEN_AI_REQUEST_MODEL } from '../../semconv'
import { oneOf, quoted } from '../queries/promql-strings'
import type { Board, Panel, Step } from './board'
import { frameOf, type Kept } from './boards'
import { common, type Lines, placed } from './boards/frame'
import { quotable, total, type Where } from './metric-queries'
import { metrics } from './metrics'
import { units } from './units'
import { type Language, textsOf } from './words'

type Dimension = 'service' | 'provider' | 'model' | 'feature' | 'user'
const periods = ['day', 'week', 'month'] as const

export interface Budget {
  readonly name: string
  readonly period: (typeof periods)[number]
  /** In the currency of the account. */
  readonly amount: number
  /** Values of which one has to fit, by dimension. */
  readonly scope: Readonly<Partial<Record<Dimension, readonly string[]>>>
}

export interface Account {
  readonly timeZone: string
  /** ISO 4217. */
  readonly currency: string
  /** Units of it that a US dollar costs now. */
  readonly perUsd: number
  /** As TraceQL writes it. */
  readonly featureAttribute: string
  readonly budgets: readonly Budget[]
}

/** A query of more budgets would be longer than servers take. */
const MOST = 20

const attributes: Readonly<Partial<Record<Dimension, string>>> = {
  service: ATTR_SERVICE_NAME,
  provider: ATTR_GEN_AI_PROVIDER_NAME,
  model: ATTR_GEN_AI_REQUEST_MODEL,
}

export function budgetsBoard(account: Account, language: Language, kept: Kept): Board {
  const text = textsOf(language)
  const shown = account.budgets.filter(budget => spentOf(budget, account) !== undefined).slice(0, MOST)
  const others = account.budgets.filter(budget => !shown.includes(budget)).map(({ name }) => name)
  const left = others.length > 0 ? ` ${text('budgets.left').replace('{names}', others.join(', '))}` : ''
  const lines = periods.flatMap((period): Lines[] => {
    const budgets = shown.filter(budget => budget.period === period)
    return budgets.length > 0 ? [{ title: `row.${period}`, panels: panelsOf(budgets, account, text) }] : []
  })
  return {
    ...common(frameOf(language, kept)),
    uid: language === 'en' ? 'afn-budgets' : `afn-budgets-${language}`,
    timeZone: account.timeZone,
    title: text('budgets.title'),
    description: `${text('budgets.title.about')}${left}`,
    ...placed(text, lines),
  }
}

const steps: readonly Step[] = [{ level: 'good' }, { from: 0.8, level: 'warning' }, { from: 1, level: 'bad' }]

function panelsOf(budgets: readonly Budget[], account: Account, text: ReturnType<typeof textsOf>): Lines['panels'] {
  const currency = `currency${account.currency}`
  const unit = units.includes(currency) ? currency : 'short'
  const since: NonNullable<Panel['since']> = budgets[0]!.period
  const each = (of: (budget: Budget, spent: string) => string): string =>
    budgets
      .map(
        budget => `label_replace(${of(budget, spentOf(budget, account)!)}, "budget", ${quoted(budget.name)}, "", "")`,
      )
      .join(' or ')
  const share = each(({ amount }, spent) => `(${spent}) / ${amount}`)
  const length = { day: 'vector(86400)', week: 'vector(604800)', month: '(days_in_month() * 86400)' }[since]
  const forecast = each((_, spent) => `(${spent}) / $__range_s * ${length} and on () ($__range_s > 0.1 * ${length})`)
  const store = since === 'month' ? 'long' : 'high'
  return [
    {
      text: 'budgets.share',
      type: 'bars',
      unit: 'percentunit',
      min: 0,
      max: 1,
      w: 10,
      h: 8,
      since,
      steps,
      queries: [{ expr: share, legend: '{{budget}}', store }],
    },
    {
      text: 'budgets.table',
      type: 'table',
      unit,
      w: 14,
      h: 8,
      since,
      labels: { budget: text('label.budget') },
      queries: [
        { expr: each((_, spent) => spent), legend: text('column.spent'), store },
        { expr: each(({ amount }) => `vector(${amount})`), legend: text('column.amount'), store },
        { expr: share, legend: text('column.share'), store },
        { expr: forecast, legend: text('column.forecast'), store },
      ],
      columns: { [text('column.share')]: { unit: 'percentunit', steps, decimals: 1 } },
    },
  ]
}

/** In the currency of the account; undefined where no metric has the dimensions of the scope. */
function spentOf({ scope }: Budget, { perUsd, featureAttribute }: Account): string | undefined {
  const { feature, user, ...others } = scope
  if (user) return undefined
  const whereOf = (attribute: string, values: readonly string[]): Where => ({
    attribute,
    operator: '=~',
    value: quotable(oneOf(values)),
  })
  const where = Object.entries(others).map(([dimension, values]) =>
    whereOf(attributes[dimension as Dimension]!, values),
  )
  const rate = perUsd === 1 ? '' : ` * ${perUsd}`
  if (!feature) return `(${total(metrics.cost, { where, whole: true })} or vector(0))${rate}`
  if (others.provider || others.model || featureAttribute !== `span.${ATTR_GEN_AI_AGENT_NAME}`) return undefined
  const ofFeature = [...where, whereOf(ATTR_GEN_AI_AGENT_NAME, feature)]
  return `(${total(metrics.featureCost, { where: ofFeature, whole: true })} or vector(0))${rate}`
}
