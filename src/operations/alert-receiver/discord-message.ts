/** Discord messages, within Discord's limits: https://docs.discord.com/developers/resources/message#embed-object. */

import type { Language } from '../../monitoring/alerts/config'
import { marks, spaceOf } from '../../monitoring/alerts/text-templates'
import { severities } from '../../shared/severities'
import { isEscalation, isSynthetic, type Notification, nameOf, serviceOf, severityOf } from './notification'
import { codeOf, cut, harmless, summaryOf } from './safe-text'

/** The kind of post for a notification. */
export interface PostKind {
  readonly kind: 'notification' | 'acknowledged'
  readonly acknowledgedBy?: string | undefined
  /** The page of the incident. */
  readonly pageUrl: string
  /** Whether a process ended before it knew that Discord had received the post. */
  readonly mayBeTwice?: boolean
}

export interface DiscordMessage {
  readonly username: string
  readonly allowed_mentions: { readonly parse: readonly string[] }
  readonly content?: string
  readonly embeds?: readonly object[]
}

const colours: Readonly<Record<string, number>> = {
  critical: 0xd32f2f,
  high: 0xf57c00,
  medium: 0xfbc02d,
  low: 0x1976d2,
}
const RESOLVED_COLOUR = 0x388e3c
const OTHER_COLOUR = 0x757575

/** Maximum number of characters of all embeds of a message. Digests are measured in UTF-16 code units, which are never fewer. */
const LONGEST_TOTAL = 6_000
const LONGEST_DESCRIPTION = 4_000
const LONGEST_TITLE = 250
const LONGEST_CONTENT = 1_900
/** Maximum number of alerts to list. */
const MOST_ALERTS = 5

const words = {
  en: {
    test: '[TEST]',
    page: 'What to do',
    by: 'by',
    more: 'more',
    twice: 'This may be a duplicate: the first response was lost.',
    digest: 'simultaneous alerts',
  },
  ja: {
    test: '[TEST]',
    page: '対応ページ',
    by: '担当:',
    more: '件ほか',
    twice: '応答が失われたため、重複している可能性があります。',
    digest: '件の通知',
  },
}

const base = { username: 'afn-otel alerts', allowed_mentions: { parse: [] } } as const

export function messageOf(notification: Notification, post: PostKind, language: Language): DiscordMessage {
  const { status, alerts, truncatedAlerts, commonAnnotations } = notification
  const said = words[language]
  const isAcknowledgement = post.kind === 'acknowledged'
  const listed = alerts.length > 1 ? alerts.slice(0, MOST_ALERTS).map(alert => `• ${alert.status}: ${labelsOf(alert.labels, notification.commonLabels)}`) : [] // biome-ignore format: one line
  const more = alerts.length > 1 ? alerts.length - listed.length + truncatedAlerts : 0
  const { traces } = commonAnnotations
  const lines = isAcknowledgement
    ? [`${said.by} ${harmless(post.acknowledgedBy ?? '')}`]
    : [
        cut(harmless(summaryOf(notification)), 1_000),
        [...listed, ...(more > 0 ? [`• ${more} ${said.more}`] : [])].join('\n'),
        status === 'firing' && traces ? codeOf(cut(traces, 300)) : '',
      ]
  const tail = [`**[${said.page}](${post.pageUrl})**`, ...(post.mayBeTwice ? [`_${said.twice}_`] : [])]
  const end = tail.filter(Boolean).join('\n')
  const text = cut(lines.filter(Boolean).join('\n\n'), LONGEST_DESCRIPTION - end.length - 2)
  const description = [text, end].filter(Boolean).join('\n\n')
  return {
    ...base,
    embeds: [
      {
        title: lineOf({ notification, kind: post.kind }, language),
        ...(description && { description }),
        color: status === 'resolved' ? RESOLVED_COLOUR : (colours[severityOf(notification)] ?? OTHER_COLOUR),
      },
    ],
  }
}

export interface DigestLine {
  readonly notification: Notification
  readonly kind: PostKind['kind']
}

/**
 * Combines many posts into one message, with a line for each.
 * @returns the message, and how many posts fit into it
 */
export function digestMessageOf(
  lines: readonly DigestLine[],
  language: Language,
): { message: DiscordMessage; count: number } {
  const said = words[language]
  const texts: string[] = []
  const reserved = 100
  let left = LONGEST_TOTAL - reserved
  for (const one of lines) {
    const line = lineOf(one, language)
    if (line.length + 1 > left) break
    left -= line.length + 1
    texts.push(line)
  }
  const embeds: { description: string; title?: string; color: number }[] = []
  for (const text of texts) {
    const last = embeds.at(-1)
    if (last && last.description.length + text.length + 1 <= LONGEST_DESCRIPTION) last.description += `\n${text}`
    else embeds.push({ description: text, color: OTHER_COLOUR })
  }
  const [first, ...others] = embeds
  const title = `${texts.length} ${said.digest}`
  return { message: { ...base, embeds: [{ title, ...first }, ...others] }, count: texts.length }
}

/** A fallback if Discord rejects the message: names as plain text, as many as fit. */
export function plainMessageOf(
  lines: readonly DigestLine[],
  language: Language,
): { message: DiscordMessage; count: number } {
  let content = ''
  let count = 0
  for (const line of lines) {
    const text = lineOf(line, language)
    if (count > 0 && content.length + text.length + 1 > LONGEST_CONTENT) break
    content += `${count > 0 ? '\n' : ''}${text}`
    count++
  }
  return { message: { ...base, content }, count }
}

/** `[CRITICAL] HighErrorRate (shop)`, or `【重大】HighErrorRate (shop)` */
function lineOf({ notification, kind }: DigestLine, language: Language): string {
  const { resolved, acknowledged, escalation, ...all } = marks[language]
  const [severity, name, service] = [severityOf(notification), nameOf(notification), serviceOf(notification)]
  const known = severities.find(one => one === severity)
  const tags = [
    ...(isSynthetic(notification) ? [words[language].test] : []),
    ...(isEscalation(notification) ? [escalation] : []),
    kind === 'acknowledged' || notification.commonAnnotations.ended === 'acknowledged'
      ? acknowledged
      : notification.status === 'resolved'
        ? resolved
        : known
          ? all[known]
          : `[${severity.toUpperCase()}]`,
  ]
  const space = spaceOf(language)
  return cut(`${tags.join(space)}${space}${harmless(name)}${service && ` (${harmless(service)})`}`, LONGEST_TITLE)
}

/** The labels that distinguish an alert from the others of its group. */
function labelsOf(labels: Readonly<Record<string, string>>, common: Readonly<Record<string, string>>): string {
  const own = Object.entries(labels).filter(([name]) => !(name in common))
  return harmless(cut(own.map(([name, value]) => `${name}=${value}`).join(', '), 200)) || '-'
}
