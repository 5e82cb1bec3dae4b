/** The page of an incident, for phones: one column, no scripts, all alert texts escaped. */

import { createHash } from 'node:crypto'
import type { Language } from '../../monitoring/alerts/config'
import { severities } from '../../shared/severities'
import { type Evidence, HOURS } from './evidence'
import { html } from './html'
import type { HistoryEvent, Incident, Silenced } from './incident-store'
import { type PageWords, pageWords } from './page-words'
import { shortOf, svgOf } from './picture'
import { filledIn, runbookHtml } from './runbook'
import { cut, linksOf, spanOf, summaryOf, timeOf } from './safe-text'

/** The durations of the silence buttons. */
export const silenceTimes = { '1h': 3_600_000, '4h': 14_400_000, '1d': 86_400_000 } as const
export type SilenceTime = keyof typeof silenceTimes

export interface PageFacts {
  readonly incident: Incident
  readonly evidence: Evidence
  /** Markdown. */
  readonly runbook: string | undefined
  readonly silenced: readonly Silenced[]
  readonly events: readonly HistoryEvent[]
  /** Whether the reader may act, and the result of an action or link. */
  readonly mayAct: boolean
  readonly notice: 'done' | 'before' | 'over' | 'signature' | 'expired' | 'earlier' | undefined
  /** The URL that shows the results of a TraceQL query. */
  tracesUrl(traceql: string): string
  readonly now: number
}

const MOST_LISTED = 10

export function pageOf(facts: PageFacts, language: Language): string {
  const { incident, notice, now } = facts
  const words = pageWords[language]
  const { notification, severity, name } = incident
  const summary = summaryOf(notification)
  const description = notification.commonAnnotations.description ?? ''
  const isOver = incident.status === 'resolved'
  return page(language, `${severity.toUpperCase()} ${name}`, [
    `<p class="tag ${isOver ? 'over' : severityClass(severity)}">${html(severity.toUpperCase())} · ${isOver ? words.resolved : words.firing}</p>`,
    `<h1>${html(cut(name, 200))}</h1>`,
    incident.synthetic ? `<p>${words.test}</p>` : '',
    summary && `<p class="lead">${html(cut(summary, 600))}</p>`,
    description && `<p>${html(cut(description, 1_500))}</p>`,
    notice ? `<p class="notice">${words[notice]}</p>` : '',
    factsHtml(facts, words),
    isOver ? '' : actionsHtml(facts, words),
    pictureHtml(facts, words),
    deploysHtml(facts.evidence, words),
    failingHtml(facts, words),
    runbookOf(facts, words),
    groupHtml(incident, words),
    historyHtml(facts.events, words),
    linksHtml(incident, words),
    `<p class="small">${html(incident.id)} · ${timeOf(now)}</p>`,
  ])
}

export const unknownPage = (language: Language): string =>
  page(language, 'afn-otel', [`<h1>${pageWords[language].unknown}</h1>`, `<p>${pageWords[language].unknownAbout}</p>`])

const severityClass = (severity: string): string => (severities.some(known => known === severity) ? severity : 'other')

function factsHtml({ incident, silenced, now }: PageFacts, words: PageWords): string {
  const { commonLabels } = incident.notification
  const { severity, service, beganAt, endedAt, acknowledgedAt, acknowledgedBy = '' } = incident
  const rows: [string, string | undefined][] = [
    [words.severity, severity],
    [words.service, service],
    [words.environment, commonLabels.environment],
    [words.team, commonLabels.team],
    [words.since, `${timeOf(beganAt)} (${spanOf((endedAt ?? now) - beganAt)})`],
    [words.until, endedAt === undefined ? undefined : timeOf(endedAt)],
    [words.acknowledged, acknowledgedAt === undefined ? undefined : `${words.by} ${acknowledgedBy}, ${timeOf(acknowledgedAt)}`], // biome-ignore format: one line
    ...silenced.map(({ until, by }): [string, string] => [words.silenced, `${timeOf(until)} (${by})`]),
  ]
  const shown = rows.filter(([, value]) => value)
  return `<dl>${shown.map(([name, value = '']) => `<dt>${name}</dt><dd>${html(cut(value, 200))}</dd>`).join('')}</dl>`
}

function actionsHtml({ incident, mayAct }: PageFacts, words: PageWords): string {
  if (incident.synthetic) return ''
  if (!mayAct)
    return `<p><a class="button" href="/incidents/${incident.id}/sign-in">${words.signIn}</a></p>
<p class="small">${words.signInAbout} <code>afn-otel alerts ack ${incident.id}</code></p>`
  const silences = Object.keys(silenceTimes) as SilenceTime[]
  const buttons = silences.map(time => `<button name="silence" value="${time}">${words.silence} ${words.silences[time]}</button>`) // biome-ignore format: one line
  return `<form method="post"><label>${words.name} <input name="by" maxlength="80" autocomplete="name"></label>
${incident.acknowledgedAt === undefined ? `<button class="main" name="acknowledge" value="1">${words.acknowledge}</button><p class="small">${words.acknowledgeAbout}</p>` : ''}
<div>${buttons.join(' ')}</div><p class="small">${words.silenceAbout}</p></form>`
}

function pictureHtml({ evidence: { picture, trouble } }: PageFacts, words: PageWords): string {
  const says = trouble === 'none' ? words.noPrometheus : trouble === 'silent' && !picture ? words.silent : words.noRule
  if (!picture || picture.series.length === 0) return `<h2>${words.picture}</h2><p>${says}</p>`
  const { measured, threshold } = picture
  const limit = threshold === undefined ? '' : `; ${words.threshold} ${shortOf(threshold)}`
  return `<h2>${words.picture}</h2><figure>${svgOf(picture, `${words.picture} (${HOURS} h)`)}
<figcaption><code>${html(cut(measured.replace(/\s+/g, ' '), 300))}</code>${html(limit)}</figcaption></figure>`
}

function deploysHtml({ deploys, trouble }: Evidence, words: PageWords): string {
  if (trouble === 'none' || (trouble === 'silent' && deploys.length === 0)) return ''
  const rows = deploys.map(
    ({ service, version, at }) =>
      `<li>${at === undefined ? words.runs : timeOf(at * 1_000)} · ${html(cut(service, 80))} <b>${html(cut(version, 80))}</b></li>`,
  )
  return `<h2>${words.deploys}</h2>${rows.length > 0 ? `<ul>${rows.join('')}</ul>` : `<p>${words.noDeploys}</p>`}`
}

function failingHtml({ incident, evidence, tracesUrl }: PageFacts, words: PageWords): string {
  const { failing, trouble } = evidence
  const rows = failing.map(
    ({ service, what, why, count, traces }) =>
      `<tr><td>${html(cut(service, 60))}</td><td><a href="${html(tracesUrl(traces))}">${html(cut(what, 100)) || '?'}</a></td><td>${html(cut(why, 60))}</td><td>${shortOf(count)}</td></tr>`,
  )
  const { traces } = incident.notification.commonAnnotations
  const [, search] = /'(\{.*\})'/.exec(traces ?? '') ?? []
  const all = search ?? `{ ${incident.service ? `resource.service.name = ${JSON.stringify(incident.service)} && ` : ''}status = error }` // biome-ignore format: one line
  return `<h2>${words.failing}</h2>${
    rows.length > 0
      ? `<table><tr><th>${words.service1}</th><th>${words.what}</th><th>${words.why}</th><th>${words.count}</th></tr>${rows.join('')}</table>`
      : `<p>${trouble === undefined ? words.nothingFails : trouble === 'silent' ? words.silent : ''}</p>`
  }<p><a href="${html(tracesUrl(cut(all, 500)))}">${words.traces}</a></p>${traces ? `<pre>${html(cut(traces, 500))}</pre>` : ''}`
}

function runbookOf({ incident, runbook }: PageFacts, words: PageWords): string {
  const body = runbook === undefined ? `<p>${words.noRunbook}</p>` : runbookHtml(filledIn(runbook, incident.notification.commonLabels)) // biome-ignore format: one line
  return `<h2 id="runbook">${words.runbook}</h2>${body}`
}

function groupHtml({ notification: { alerts, truncatedAlerts, commonLabels } }: Incident, words: PageWords): string {
  const pairs = (labels: Readonly<Record<string, string>>) =>
    cut(
      Object.entries(labels)
        .map(([name, value]) => `${name}=${value}`)
        .join(', '),
      400,
    )
  const own = alerts.slice(0, MOST_LISTED).map(({ labels, status }) => {
    const rest = Object.fromEntries(Object.entries(labels).filter(([name]) => !(name in commonLabels)))
    return `<li>${status}${Object.keys(rest).length > 0 ? `: ${html(pairs(rest))}` : ''}</li>`
  })
  const more = alerts.length - own.length + truncatedAlerts
  return `<details><summary>${words.labels}</summary><p class="small">${html(pairs(commonLabels))}</p></details>${
    alerts.length > 1
      ? `<details><summary>${words.alerts} (${alerts.length + truncatedAlerts})</summary><ul>${own.join('')}${more > 0 ? `<li>${more} ${words.more}</li>` : ''}</ul></details>`
      : ''
  }`
}

function historyHtml(events: readonly HistoryEvent[], words: PageWords): string {
  const rows = events.slice(0, MOST_LISTED).map(({ at, event, detail }) => {
    const what = (words.events as Record<string, string>)[event] ?? event
    return `<li>${html(at.replace(/\.\d+Z$/, 'Z'))} · ${html(what)} ${html(cut(detail, 100))}</li>`
  })
  return rows.length > 0 ? `<details><summary>${words.history}</summary><ul>${rows.join('')}</ul></details>` : ''
}

function linksHtml({ notification }: Incident, words: PageWords): string {
  const links = linksOf(notification).flatMap(([name, url]) =>
    name in words ? [`<a href="${html(url)}">${(words as unknown as Record<string, string>)[name]}</a>`] : [],
  )
  return links.length > 0 ? `<p>${words.links}: ${links.join(' · ')}</p>` : ''
}

const STYLE = `:root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;max-width:42rem;margin:0 auto;padding:1rem;overflow-wrap:anywhere}
h1{font-size:1.4rem;margin:.3rem 0}h2{font-size:1.1rem;margin:1.6rem 0 .4rem}h3{font-size:1rem;margin:1rem 0 .3rem}
.tag{display:inline-block;margin:0;padding:.1rem .6rem;border-radius:.3rem;color:#fff;background:#757575}.critical{background:#c62828}.high{background:#bf5700}.medium{background:#8a6d00}.low{background:#1565c0}.over{background:#2e7d32}
.lead{font-size:1.1rem}.small,figcaption{font-size:.85rem;opacity:.8}.notice{border-left:.3rem solid #1976d2;padding:.4rem .8rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem .8rem}dt{opacity:.7}dd{margin:0}
button,.button,input{font:inherit;padding:.6rem 1rem;margin:.2rem 0;border-radius:.4rem;border:1px solid currentColor}.main{width:100%;background:#1565c0;color:#fff;border:0}input{width:100%;box-sizing:border-box}.button{display:inline-block;text-decoration:none}
pre{overflow-x:auto;padding:.6rem;border:1px solid #8886;border-radius:.4rem;white-space:pre-wrap}figure{margin:0}svg{width:100%;height:auto}table{width:100%;border-collapse:collapse}td,th{text-align:left;padding:.2rem .4rem .2rem 0;border-bottom:1px solid #8884}`

/** The page's content security policy: only this style, and forms to the same origin. */
export const CONTENT_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`

const page = (language: Language, title: string, parts: readonly string[]): string =>
  `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><title>${html(title)}</title><style>${STYLE}</style></head>
<body>${parts.filter(Boolean).join('\n')}</body></html>
`

export const runbookPage = (name: string, markdown: string, language: Language): string =>
  page(language, name, [`<h1>${html(name)}</h1>`, runbookHtml(markdown)])
