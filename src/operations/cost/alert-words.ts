/** The texts of budget alerts, in both languages of `alerts-config.yaml`. Names and amounts are already formatted. */
import type { Language } from '../../monitoring/alerts/config'
import type { Dimension, Scope } from './config'
import type { Notice } from './retirement/notices'
import { whyUnpriced } from './spend'
import type { BrokenTracking } from './tracking'

interface OfBudget {
  readonly name: string
  readonly period: string
  readonly amount: string
}

interface Described {
  readonly scope: Scope
  /** The amount that credits deduct. */
  readonly credited: string | undefined
  /** The forecast for the whole period. */
  readonly expected: string | undefined
  /** The number of calls without a price; `noUsage` counts those among them without token counts. */
  readonly unpriced: number
  readonly noUsage: number
  /** ISO 8601. */
  readonly unknownBefore: string | undefined
}

interface Words {
  threshold(of: OfBudget, threshold: number, spent: string, percent: string): string
  forecast(of: OfBudget, expected: string, low: string, high: string): string
  describe(of: Described): string
  untracked(of: Pick<BrokenTracking, 'service' | 'environment' | 'why'>): string
  readonly tooLow: string
  retiring(notice: Notice): string
  retirementSource(notice: Notice): string
}

/** Joins the sentences that apply. */
const said = (...sentences: (string | false | undefined)[]): string => sentences.filter(Boolean).join(' ')
const partsOf = (scope: Scope) => Object.entries(scope) as [Dimension, readonly string[]][]

const en: Words = {
  threshold: ({ name, period, amount }, threshold, spent, percent) =>
    `Budget ${name} has reached ${threshold} % of ${amount} for ${period}: ${spent} (${percent} %) spent.`,
  forecast: ({ name, period, amount }, expected, low, high) =>
    `Budget ${name} is likely to be exceeded in ${period}: forecast ${expected} of ${amount}, 80 % interval ${low} to ${high}.`,
  describe({ scope, credited, expected, unpriced, noUsage, unknownBefore }) {
    // alerts go to many recipients, so they do not name users
    const parts = partsOf(scope).map(([dimension, names]) => {
      if (dimension === 'user') return names.length === 1 ? 'one user' : `${names.length} users`
      return `${dimension} ${names.join(' or ')}`
    })
    return said(
      `It counts ${parts.length > 0 ? `calls of ${parts.join(', ')}` : 'all calls'}.`,
      credited && `Credits of ${credited} are deducted.`,
      expected && `Forecast for the period: ${expected}.`,
      unpriced > 0 &&
        `${unpriced} calls have no price (${whyUnpriced({ unpriced, noUsage })}), so actual spend is higher.`,
      unknownBefore && `Spend before ${unknownBefore} is not stored, so actual spend is higher.`,
    )
  },
  untracked: ({ service, environment, why }) =>
    `The cost of LLM calls${service === undefined ? '' : ` of ${service}${environment === undefined ? '' : ` (${environment})`}`} is unknown: ${why.en}.`,
  tooLow: 'All totals and budgets are too low, so threshold alerts come too late.',
  retiring: ({ service, provider, model, date, days, calls }) =>
    days > 0
      ? `${provider} ends ${model} on ${date}, in ${days} days; ${service} called it ${calls} times in the last day.`
      : `${provider} ended ${model} on ${date}; ${service} called it ${calls} times in the last day.`,
  retirementSource: ({ replacement, source }) =>
    said(replacement !== undefined && `Recommended instead: ${replacement}.`, `Source of the date: ${source}.`),
}

const dimensions: Readonly<Record<Dimension, string>> = {
  service: 'サービス',
  team: 'チーム',
  environment: '環境',
  provider: 'プロバイダー',
  model: 'モデル',
  feature: '機能',
  user: 'ユーザー',
}

const ja: Words = {
  threshold: ({ name, period, amount }, threshold, spent, percent) =>
    `予算 ${name} の ${period} の使用額が、${amount} の ${threshold} % に達しました: ${spent}（${percent} %）。`,
  forecast: ({ name, period, amount }, expected, low, high) =>
    `予算 ${name} は ${period} に超過する見込みです: 期末の予測は ${amount} に対して ${expected}、80 % の確率で ${low} から ${high} です。`,
  describe({ scope, credited, expected, unpriced, noUsage, unknownBefore }) {
    const parts = partsOf(scope).map(([dimension, names]) =>
      dimension === 'user' ? `ユーザー ${names.length} 人` : `${dimensions[dimension]} ${names.join(' または ')}`,
    )
    return said(
      parts.length > 0 ? `対象は${parts.join('、')} の呼び出しです。` : 'すべての呼び出しが対象です。',
      credited && `クレジット ${credited} を差し引いています。`,
      expected && `期末には ${expected} になる見込みです。`,
      unpriced > 0 &&
        `価格のない呼び出しが ${unpriced} 件あり（${whyUnpriced({ unpriced, noUsage }, 'ja')}）、実際の使用額はこれより多くなります。`,
      unknownBefore && `${unknownBefore} より前の使用額は保存されていないため、実際の使用額はこれより多くなります。`,
    )
  },
  untracked: ({ service, environment, why }) =>
    `${service === undefined ? '' : `${service}${environment === undefined ? '' : `（${environment}）`} の `}LLM 呼び出しの費用が分かりません: ${why.ja}。`,
  tooLow: 'すべての合計と予算の使用額が実際より少なくなり、しきい値の通知が遅れます。',
  retiring: ({ service, provider, model, date, days, calls }) =>
    days > 0
      ? `${provider} は ${model} を ${date} に終了します（あと ${days} 日）。${service} は直近 1 日に ${calls} 回呼び出しました。`
      : `${provider} は ${model} を ${date} に終了しました。${service} は直近 1 日に ${calls} 回呼び出しました。`,
  retirementSource: ({ replacement, source }) =>
    said(replacement !== undefined && `推奨される代替: ${replacement}。`, `日付の出典: ${source}。`),
}

export const words: Readonly<Record<Language, Words>> = { en, ja }
