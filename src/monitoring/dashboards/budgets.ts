/** A board of the budgets that a user's `monitoring-config.json` has: what the watch over budgets says of them, as the command and the alerts do. */
import type { Board, Step } from './board'
import { frameOf, type MetricRetention } from './boards'
import { common, type Lines, placed } from './boards/frame'
import { labelOf, type Metric, metrics, nameOf } from './metrics'
import { units } from './units'
import { type Language, textsOf } from './words'

export interface Account {
  readonly timeZone: string
  /** ISO 4217. */
  readonly currency: string
}

/** By which a budget is told apart. */
const by = ['budget', 'period', 'dimension'].map(labelOf).join(', ')
/** Of the watch, whichever process it is. */
const latest = (metric: Metric): string => `max by (${by}) (${nameOf(metric)})`
const part = (metric: Metric): string => `${latest(metric)} / ${latest(metrics.budgetAmount)}`

/** 100 % is the amount. */
const ofAmount: readonly Step[] = [{ level: 'good' }, { from: 1, level: 'bad' }]
const ofThreshold: readonly Step[] = [{ level: 'good' }, { from: 0.001, level: 'warning' }, { from: 1, level: 'bad' }]

export function budgetsBoard(account: Account, language: Language, kept: MetricRetention): Board {
  const text = textsOf(language)
  const currency = `currency${account.currency}`
  const unit = units.includes(currency) ? currency : 'short'
  const column = (metric: Metric, title: Parameters<typeof text>[0]) =>
    ({ expr: latest(metric), legend: text(title), store: 'high' }) as const
  const share = { expr: part(metrics.budgetSpent), legend: '{{budget}}', store: 'high' } as const
  const lines: readonly Lines[] = [
    {
      title: 'row.budgets',
      panels: [
        { text: 'budgets.share', type: 'bars', unit: 'percentunit', min: 0, max: 1, w: 8, h: 10, steps: ofAmount, queries: [share] }, // biome-ignore format: one line
        {
          text: 'budgets.table',
          type: 'table',
          unit,
          w: 16,
          h: 10,
          labels: { budget: text('label.budget'), period: text('label.period'), dimension: text('label.dimension') },
          queries: [
            column(metrics.budgetSpent, 'column.spent'),
            column(metrics.budgetAmount, 'column.amount'),
            { ...share, legend: text('column.share') },
            column(metrics.budgetThreshold, 'column.threshold'),
            column(metrics.budgetForecast, 'column.forecast'),
            { expr: part(metrics.budgetForecast), legend: text('column.forecastShare'), store: 'high' },
          ],
          columns: {
            [text('column.share')]: { unit: 'percentunit', steps: ofAmount, decimals: 1 },
            [text('column.threshold')]: { unit: 'percentunit', steps: ofThreshold, decimals: 0 },
            [text('column.forecastShare')]: { unit: 'percentunit', steps: ofAmount, decimals: 0 },
          },
        },
        { text: 'budgets.overTime', type: 'timeseries', unit: 'percentunit', min: 0, w: 24, h: 8, queries: [{ ...share, store: 'chosen' }] }, // biome-ignore format: one line
      ],
    },
  ]
  return {
    ...common(frameOf(language, kept)),
    uid: language === 'en' ? 'afn-budgets' : `afn-budgets-${language}`,
    timeZone: account.timeZone,
    title: text('budgets.title'),
    description: text('budgets.title.about'),
    ...placed(text, lines),
  }
}
