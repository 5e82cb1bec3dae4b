/** Text of incidents for tickets and Discord. Alert texts come from labels, so from anybody. */

import type { Incident } from './incident-store'
import type { Notification } from './notification'

/**
 * Disables mentions of people and teams, references to issues (`#26`, `GH-26`, URLs) and links with a misleading text (`[text](url)`,
 * `[text]: url`) in the Markdown of GitHub and Discord.
 */
export const harmless = (text: string): string =>
  text
    .replace(/[@#](?=[\w<])/g, '$&\u200b')
    .replace(/<(?=[!/a-z@])/gi, '<\u200b')
    .replace(/\](?=[([:])/g, ']\u200b')
    .replace(/\bGH-(?=\d)/gi, '$&\u200b')
    .replace(/(\/(?:issues|pull|discussions)\/)(?=\d)/gi, '$1\u200b')

/** Cuts text to at most `most` UTF-16 code units, without splitting a surrogate pair. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text
  return `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`
}

/** A name that somebody entered, reduced to one line of limited length. */
export const nameIn = (text: string | null | undefined): string =>
  cut((text ?? '').replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim(), 80) || 'someone with the link'

/** Formats text as inline code, so that Markdown in it has no effect. */
export const codeOf = (text: string): string => `\`${text.replace(/[`\n\r]/g, ' ')}\``

export const titleOf = ({ severity, synthetic, name, service }: Incident): string =>
  `${synthetic ? '[TEST] ' : ''}[${severity.toUpperCase()}] ${name}${service && ` (${service})`}`

/** `12 min`, `3 h 5 min`, `40 s` */
export function spanOf(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000))
  if (seconds < 120) return `${seconds} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 120) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`
}

export const timeOf = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')

/** The summary of the alert; empty if the rule has none. */
export const summaryOf = ({ commonAnnotations, alerts }: Notification): string =>
  commonAnnotations.summary ?? alerts.find(({ annotations }) => annotations.summary)?.annotations.summary ?? ''

/** Only `http` links, since an annotation may contain anything. */
export function linksOf({ commonAnnotations, externalURL }: Notification): [string, string][] {
  const links: [string, string | undefined][] = [
    ['Runbook', commonAnnotations.runbook_url],
    ['Dashboard', commonAnnotations.dashboard_url],
    ['Query', commonAnnotations.query_url],
    ['Alertmanager', externalURL],
  ]
  return links.filter((link): link is [string, string] => /^https?:\/\/[^\s()<>]+$/.test(link[1] ?? ''))
}
