/** What an alert says, in words: what burns, how fast, and when the budget is gone. Prometheus fills in numbers, and so can a caller. */
import { type AlertKind, alertSuffix, budgetOf, type Slo, tidy } from './spec'
import { periodSeconds, type Tier } from './windows'

/** The numbers of one alert as they are shown, or what Prometheus puts there. */
export interface Shown {
  /** The share of bad events in the long window, such as `2.3 %`. */
  readonly ratio: string
  /** How many times faster than allowed that is, such as `23`. */
  readonly burn: string
  /** How long a whole budget lasts at this rate, such as `1d 7h`. */
  readonly lasts: string
}

export type Language = 'en' | 'ja'

/** `summary` is one sentence. */
export interface Words {
  readonly summary: string
  readonly description: string
}

/** @param shown for a ratio that was measured: `shownOf` */
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
    summary: `${slo.service}: ${shown.ratio} of the events of ${slo.name} were bad in the last ${long}; the objective allows ${budget}.`,
    description: [
      ...descriptionOf(slo),
      `The error budget of ${slo.name} (objective ${percent(slo.objective / 100)} over ${period}) burns ${shown.burn} times faster than it may, over the last ${long} and still in the last ${short}.`,
      `At this rate a whole budget is gone in ${shown.lasts}.`,
    ].join(' '),
  }
}

/** @param ratio the share of bad events, 0 to 1, above 0 */
export function shownOf(slo: Slo, ratio: number, language: Language = 'en'): Shown {
  const burn = ratio / budgetOf(slo)
  return {
    ratio: percent(ratio),
    burn: String(Number(burn.toPrecision(3))),
    lasts: inWords(Math.max(60, Math.round(periodSeconds[slo.period] / burn / 60) * 60), language),
  }
}

/** @param after seconds without data after which the alert fires */
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
    summary: `${slo.service}: nothing has been counted for ${slo.name} for ${inWords(after)}, not even 0 events.`,
    description: [
      ...descriptionOf(slo),
      `The series of ${slo.name} are gone, so nobody would see its budget burn: 1 % of the budget would be gone in ${onePercent} of failures.`,
      'A service without any traffic still has its series; one that has not started, that cannot export, or whose metric has another name or no such bucket edge has none.',
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
    summary: `${slo.service}: ${slo.name} counts more bad events than there are events, or fewer than none.`,
    description: [
      ...descriptionOf(slo),
      `The numbers of ${slo.name} can't be right, and neither can its budget: the query for errors counts what the query for all does not, or a metric is counted twice.`,
    ].join(' '),
  }
}

/** Why a tier is of no use, with the arithmetic. */
export function cannotFire(slo: Slo, tier: Tier): string {
  return `${slo.id}: ${slo.alerts.name}${alertSuffix[tier.name]} can never fire: it needs ${tier.factor} times the budget, ${tier.factor} × ${percent(budgetOf(slo))} = ${percent(tier.threshold)} of the events, and more than 100 % can't be bad`
}

/** @returns `undefined` where the period is kept */
export function tooShort(slo: Slo, keptDays: number, needed: number): string | undefined {
  if (keptDays >= needed) return undefined
  const days = needed - 1
  const consequence =
    keptDays < days
      ? `: its budget would be that of ${keptDays} of ${days} days, ${percent(keptDays / days)} of the truth`
      : ', so the oldest hours of the period may be gone already'
  return `${slo.id}: a period of ${days} days needs ${needed} days of data (${days}, and one for the edge), and ${keptDays} are kept${consequence}. Keep ${needed} days, or choose a shorter period`
}

/** Seconds of total failure under even traffic in which one percent of the budget is gone. */
export const onePercentOf = (slo: Slo): number => tidy((periodSeconds[slo.period] * budgetOf(slo)) / 100)

/** The name of an alert. */
export const alertName = (slo: Slo, kind: AlertKind): string => `${slo.alerts.name}${alertSuffix[kind]}`

/** A template of Prometheus in a text of the user would be run. */
export const withoutTemplates = (text: string): string => text.replace(/\{\{/g, '{{ "{{" }}')

/** The sentence of the user, ended. */
function descriptionOf({ description }: Slo): string[] {
  const text = description.trim().replace(/\s+/g, ' ')
  if (text === '') return []
  return [/[.!?。！？]$/.test(text) ? text : `${text}.`]
}

/** `0.1 %`. */
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
