/**
 * The texts of alerts: what burns its budget, how fast, and how long the budget lasts. The numbers are Prometheus templates or given by the
 * caller.
 */
import { burnRate } from './burn-rate'
import { type AlertKind, alertSuffix, budgetOf, type Slo, tidy } from './spec'
import { periodSeconds, type Tier } from './windows'

/** The formatted numbers of an alert, or Prometheus templates for them. */
export interface Shown {
  /** The bad share of events in the long window, such as `2.3 %`. */
  readonly ratio: string
  /** The burn rate, such as `23`. */
  readonly burn: string
  /** How long a full budget lasts at this rate, such as `1d 7h`. */
  readonly lasts: string
}

export type Language = 'en' | 'ja'

/** `summary` is one sentence. */
export interface Words {
  readonly summary: string
  readonly description: string
}

/** @param shown from `shownOf` for a measured ratio */
export function burnWords(
  slo: Slo,
  tier: Pick<Tier, 'short' | 'long'>,
  shown: Shown,
  language: Language = 'en',
): Words {
  const budget = percent(budgetOf(slo))
  const [long, short, period] = [tier.long, tier.short, periodSeconds[slo.period]].map(span => inWords(span, language))
  if (language === 'ja')
    return {
      summary: `${slo.service}: 直近 ${long}に、${slo.name} のイベントの ${shown.ratio} が不良でした。目標の許容は ${budget} です。`,
      description: [
        ...descriptionOf(slo),
        `${slo.name}（${period}で ${percent(slo.objective / 100)}）のエラー予算が、直近 ${long}と ${short}のどちらでも許容の ${shown.burn} 倍の速さで消費されています。`,
        `この速さでは、予算全体が ${shown.lasts} で尽きます。`,
      ].join(' '),
    }
  return {
    summary: `${slo.service}: ${shown.ratio} of ${slo.name} events were bad in the last ${long}; the objective allows ${budget}.`,
    description: [
      ...descriptionOf(slo),
      `The error budget of ${slo.name} (objective ${percent(slo.objective / 100)} over ${period}) is burning ${shown.burn}× too fast, over the last ${long} and the last ${short}.`,
      `At this rate, a full budget lasts ${shown.lasts}.`,
    ].join(' '),
  }
}

/** @param ratio share of bad events, greater than 0, up to 1 */
export function shownOf(slo: Slo, ratio: number, language: Language = 'en'): Shown {
  const burn = burnRate(slo, ratio)
  return {
    ratio: percent(ratio),
    burn: String(Number(burn.toPrecision(3))),
    lasts: inWords(Math.max(60, Math.round(periodSeconds[slo.period] / burn / 60) * 60), language),
  }
}

/** @param after seconds without data until the alert fires */
export function absentWords(slo: Slo, after: number, language: Language = 'en'): Words {
  const onePercent = inWords(Math.ceil(onePercentOf(slo)), language)
  if (language === 'ja')
    return {
      summary: `${slo.service}: ${slo.name} のイベントが ${inWords(after, language)}間、0 件としても数えられていません。`,
      description: [
        ...descriptionOf(slo),
        `${slo.name} の系列がないため、予算が消費されても誰も気付けません。失敗が ${onePercent}続くだけで予算の 1 % が失われます。`,
        '通信がないサービスにも系列はあります。起動していない、送信できない、メトリクス名が異なる、または該当するバケット境界がないサービスにはありません。',
      ].join(' '),
    }
  return {
    summary: `${slo.service}: ${slo.name} has had no data for ${inWords(after)}, not even a count of 0.`,
    description: [
      ...descriptionOf(slo),
      `Without its series, nobody would notice ${slo.name} burning its budget: ${onePercent} of failures would use up 1 % of it.`,
      'A service without traffic still exports its series. They are absent if the service has not started, cannot export, or records the metric under another name or without a bucket edge at the threshold.',
    ].join(' '),
  }
}

export function invalidWords(slo: Slo, language: Language = 'en'): Words {
  if (language === 'ja')
    return {
      summary: `${slo.service}: ${slo.name} の不良イベント数が、全イベント数を上回るか負になっています。`,
      description: [
        ...descriptionOf(slo),
        `${slo.name} の数値とその予算は正しくありません。エラーのクエリが全体のクエリにないものを数えているか、メトリクスが二重に数えられています。`,
      ].join(' '),
    }
  return {
    summary: `${slo.service}: ${slo.name} counts more bad events than events, or a negative number.`,
    description: [
      ...descriptionOf(slo),
      `The figures of ${slo.name} and its budget are wrong: the error query counts events that the total query does not, or a metric is counted twice.`,
    ].join(' '),
  }
}

/** Explains with numbers why a tier can never fire. */
export function cannotFire(slo: Slo, tier: Tier): string {
  return `${slo.id}: ${slo.alerts.name}${alertSuffix[tier.name]} can never fire: it needs ${tier.factor} times the budget, ${tier.factor} × ${percent(budgetOf(slo))} = ${percent(tier.threshold)} of the events, and no more than 100 % can be bad`
}

/** @returns undefined if the retention covers the period */
export function tooShort(slo: Slo, keptDays: number, needed: number): string | undefined {
  if (keptDays >= needed) return undefined
  const days = needed - 1
  const consequence =
    keptDays < days
      ? `: its budget would cover only ${keptDays} of ${days} days, ${percent(keptDays / days)}`
      : ', so the oldest hours of the period may already be deleted'
  return `${slo.id}: a period of ${days} days needs ${needed} days of data (${days}, plus one for the edge), but ${keptDays} are kept${consequence}. Keep ${needed} days, or choose a shorter period`
}

/** Seconds of total failure that consume one percent of the budget, at constant traffic. */
export const onePercentOf = (slo: Slo): number => tidy((periodSeconds[slo.period] * budgetOf(slo)) / 100)

/** The name of an alert. */
export const alertName = (slo: Slo, kind: AlertKind): string => `${slo.alerts.name}${alertSuffix[kind]}`

/** Escapes braces in the user's text, which Prometheus would otherwise evaluate as templates. */
export const withoutTemplates = (text: string): string => text.replace(/\{\{/g, '{{ "{{" }}')

/** The user's description as a complete sentence. */
function descriptionOf({ description }: Slo): string[] {
  const text = description.trim().replace(/\s+/g, ' ')
  if (text === '') return []
  return [/[.!?。！？]$/.test(text) ? text : `${text}.`]
}

/** Formats a share such as `0.1 %`. */
const percent = (share: number): string => `${Number((share * 100).toPrecision(6))} %`

const units = { en: ['d', 'h', 'min', 's'], ja: ['日', '時間', '分', '秒'] } as const
const sizes = [86_400, 3_600, 60, 1]

/** The two largest units, such as `2 d 3 h`. */
export function inWords(seconds: number, language: Language = 'en'): string {
  let rest = seconds
  const parts = sizes.map((size, index) => {
    const count = Math.floor(rest / size)
    rest -= count * size
    return { unit: units[language][index]!, count }
  })
  const first = parts.findIndex(({ count }) => count > 0)
  if (first < 0) return `0 ${units[language][3]}`
  return parts
    .slice(first, first + 2)
    .filter(({ count }) => count > 0)
    .map(({ unit, count }) => `${count} ${unit}`)
    .join(' ')
}
