/** Templates of titles and texts, as Go's text/template has them. They use no function that Alertmanager 0.25 does not know. */
import type { Severity } from '../../shared/severities'
import { type AlertsConfig, type Language, labels } from './config'

type Mark = Severity | 'other' | 'resolved' | 'acknowledged' | 'escalation'

/** What a title begins with, in the messages of Alertmanager and in those of the receiver. */
export const marks: Readonly<Record<Language, Readonly<Record<Mark, string>>>> = {
  en: {
    critical: '[CRITICAL]',
    high: '[HIGH]',
    medium: '[MEDIUM]',
    low: '[LOW]',
    other: '[ALERT]',
    resolved: '[RESOLVED]',
    acknowledged: '[ACKNOWLEDGED]',
    escalation: '[ESCALATION]',
  },
  ja: {
    critical: '【重大】',
    high: '【高】',
    medium: '【中】',
    low: '【低】',
    other: '【警告】',
    resolved: '【復旧】',
    acknowledged: '【対応中】',
    escalation: '【エスカレーション】',
  },
}

/** Between marks, and behind the last one: brackets of Japanese need no space. */
export const spaceOf = (language: Language): string => (language === 'en' ? ' ' : '')

const parts: Readonly<Record<Language, Record<string, string>>> = {
  en: {
    resolved: 'Resolved',
    since: 'Since',
    until: 'Until',
    page: 'What to do',
    runbook_url: 'Runbook',
    dashboard_url: 'Dashboard',
    query_url: 'Query',
    traces: 'Traces',
    silence: 'Silence',
  },
  ja: {
    resolved: '復旧',
    since: '発生',
    until: '復旧',
    page: '対応ページ',
    runbook_url: '手順書',
    dashboard_url: 'ダッシュボード',
    query_url: 'クエリ',
    traces: 'トレース',
    silence: '抑止',
  },
}

export interface TitleOptions {
  /** Undefined for a severity that is none of ours. */
  readonly severity: Severity | undefined
  readonly isEscalation?: boolean
  readonly isTest?: boolean
}

/** One line, well below the 256 characters that Discord takes. */
export function titleTemplate({ language, environment }: AlertsConfig, options: TitleOptions): string {
  const { severity, isEscalation = false, isTest = false } = options
  const { resolved, acknowledged, escalation, ...all } = marks[language]
  // an escalation ends when somebody acknowledges the alert, which goes on
  const over = isEscalation
    ? `{{ if eq .CommonAnnotations.ended "acknowledged" }}${acknowledged}{{ else }}${resolved}{{ end }}`
    : resolved
  const space = spaceOf(language)
  const beginning = [
    isTest && `[TEST]${space}`,
    isEscalation && `${escalation}${space}`,
    `{{ if eq .Status "resolved" }}${over}{{ else }}${isTest ? ofLabel(language) : all[severity ?? 'other']}{{ end }}${space}`,
  ]
  const name = '{{ if .CommonLabels.origin }}{{ .CommonLabels.origin }}{{ else }}{{ .CommonLabels.alertname }}{{ end }}'
  const service = '{{ if .CommonLabels.service }}: {{ .CommonLabels.service }}{{ end }}'
  const count = '{{ if gt (len .Alerts) 1 }} ×{{ len .Alerts }}{{ end }}'
  const label = `.CommonLabels.${labels.environment}`
  return `${beginning.filter(Boolean).join('')}${name}${service}${count} ({{ if ${label} }}{{ ${label} }}{{ else }}${environment}{{ end }})`
}

/** A test is of one route for every severity. */
function ofLabel(language: Language): string {
  const { critical, high, medium, low, other } = marks[language]
  const branches = Object.entries({ critical, high, medium, low }).map(
    ([severity, word], index) =>
      `{{ ${index === 0 ? 'if' : 'else if'} eq .CommonLabels.severity "${severity}" }}${word}`,
  )
  return `${branches.join('')}{{ else }}${other}{{ end }}`
}

/** Where there is no receiver, and so no page of an incident. */
const linked = ['runbook_url', 'dashboard_url', 'query_url', 'traces']

/** Alertmanager's page of a new silence, filled in with what the notification is about. Its page takes a `+` for itself. */
const NEW_SILENCE = [
  '{{ .ExternalURL }}/#/silences/new?filter=%7B',
  '{{ range $index, $pair := .GroupLabels.SortedPairs }}{{ if $index }}%2C{{ end }}',
  '{{ .Name }}%3D%22{{ urlquery .Value | reReplaceAll "[+]" "%20" }}%22{{ end }}%7D',
].join('')

/**
 * What each alert says, and one link; Discord reads it as Markdown, a mail as plain text.
 * @param receiver where people reach the receiver, which has a page of each incident: by what it has signed, or by an alert of the group
 */
export function bodyTemplate({ language }: AlertsConfig, format: 'markdown' | 'plain', receiver?: string): string {
  const word = parts[language]
  const [open, close] = format === 'markdown' ? ['**', '**'] : ['', '']
  const summary = '{{ if .Annotations.summary }}{{ .Annotations.summary }}{{ else }}{{ .Labels.alertname }}{{ end }}'
  const time = (field: string) => `{{ .${field}.UTC.Format "2006-01-02 15:04:05 UTC" }}`
  const annotation = (name: string) =>
    `{{ if .Annotations.${name} }}${word[name]}: {{ .Annotations.${name} }}\n{{ end }}`
  const ofAlert =
    receiver === undefined
      ? ['{{ if .Annotations.description }}{{ .Annotations.description }}\n{{ end }}', ...linked.map(annotation)]
      : [annotation('traces')]
  const last =
    receiver === undefined
      ? `${word.silence}: ${NEW_SILENCE}\n`
      : `${word.page}: {{ with index .Alerts 0 }}{{ if .Annotations.incident_url }}{{ .Annotations.incident_url }}{{ else }}${receiver}/alerts/{{ .Fingerprint }}{{ end }}{{ end }}\n`
  return [
    `{{ range .Alerts.Firing }}${open}${summary}${close}\n`,
    ...ofAlert,
    `${word.since}: ${time('StartsAt')}\n\n{{ end }}`,
    `{{ range .Alerts.Resolved }}${word.resolved}: ${summary}\n${word.since}: ${time('StartsAt')}\n${word.until}: ${time('EndsAt')}\n\n{{ end }}`,
    last,
  ].join('')
}
