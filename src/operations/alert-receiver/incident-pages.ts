/** The pages behind links to incidents, and the actions of their buttons. */
import type { Language } from '../../monitoring/alerts/config'
import type { Urls } from '../../shared/config/urls'
import { exploreLink } from '../../shared/queries/grafana'
import { tenantOf } from '../../shared/queries/tenants'
import { DEPLOY_HOURS, type EvidenceRoom, HOURS } from './evidence'
import type { Incident, IncidentStore } from './incident-store'
import type { Links } from './links'
import type { Metrics } from './metrics'
import { type PageFacts, pageOf, runbookPage, type SilenceTime, silenceTimes, unknownPage } from './page'
import { page, type ReceiverResponse } from './responses'
import { runbookNamed } from './runbook'
import { nameIn } from './safe-text'

export interface IncidentSite {
  readonly state: IncidentStore
  readonly links: Links
  readonly metrics: Metrics
  readonly evidence: EvidenceRoom
  readonly urls: Urls
  /** The folder with the runbooks. */
  readonly runbooks: string
  readonly language: Language
  /** Announces that work may be pending. */
  wake(): void
  now(): number
}

/**
 * @param search has the signature that grants the right to act
 * @param form what a button submitted; undefined for a plain view
 */
export async function incidentPage(
  found: Incident | undefined,
  search: URLSearchParams,
  form: (() => Promise<string>) | undefined,
  site: IncidentSite,
): Promise<ReceiverResponse> {
  if (!found) return page(unknownPage(site.language), 404)
  const right = site.links.check(found.id, search)
  let notice: PageFacts['notice'] =
    'wrong' in right
      ? search.has('signature') || form
        ? right.wrong
        : undefined
      : right.episode === found.episode
        ? undefined
        : 'earlier'
  const mayAct = !('wrong' in right) && notice === undefined
  let status = 200
  if (form && mayAct) notice = await acted(found, new URLSearchParams(await form()), site)
  else if (form) status = notice === 'expired' ? 410 : notice === 'earlier' ? 404 : 403
  const incident = (await site.state.incident(found.id)) ?? found
  const now = site.now()
  const facts: PageFacts = {
    incident,
    evidence: await site.evidence.of(incident),
    runbook: runbookNamed(site.runbooks, runbookOf(incident), site.language),
    silenced: await site.state.silenced(incident, now),
    events: await site.state.history(0, 20, incident.id),
    mayAct,
    notice,
    tracesUrl: traceql => tracesUrl(traceql, incident, site, now),
    now,
  }
  return page(pageOf(facts, site.language), status)
}

async function acted(incident: Incident, form: URLSearchParams, site: IncidentSite): Promise<PageFacts['notice']> {
  if (incident.status === 'resolved') return 'over'
  const chosen = form.get('silence') ?? ''
  const silence = Object.hasOwn(silenceTimes, chosen) ? silenceTimes[chosen as SilenceTime] : undefined
  const isNew = await site.state.acknowledge(incident.id, incident.episode, nameIn(form.get('by')), site.now(), silence)
  if (isNew) site.metrics.count('afn_alerts_acknowledgements_total', { by: 'link' })
  site.wake()
  return isNew || silence !== undefined ? 'done' : 'before'
}

/** Grants a client with the token the right to act. */
export function signedIn(incident: Incident | undefined, { links, language }: IncidentSite): ReceiverResponse {
  if (!incident) return page(unknownPage(language), 404)
  const location = links.signedPath(incident.id, incident.episode)
  return { ...page('', 303), headers: { location } }
}

/** The rendered runbook, or its source if the path ends in `.md`; undefined if there is none. */
export function runbookAnswer(asked: string, { runbooks, language }: IncidentSite): ReceiverResponse | undefined {
  const name = asked.replace(/\.md$/, '')
  const text = runbookNamed(runbooks, name, language)
  if (text === undefined) return undefined
  return asked === name
    ? page(runbookPage(name, text, language))
    : { status: 200, type: 'text/plain; charset=utf-8', body: text }
}

/** Alerts of objectives have a runbook per kind of alert, whatever their names. */
const runbookOf = ({ name, notification }: Incident): string =>
  /\/runbooks\/([A-Za-z0-9]+)$/.exec(notification.commonAnnotations.runbook_url ?? '')?.[1] ?? name

function tracesUrl(traceql: string, { endedAt }: Incident, { urls }: IncidentSite, now: number): string {
  if (urls.explorer)
    return `${urls.explorer}/#/traces?${new URLSearchParams({ q: traceql, range: `${DEPLOY_HOURS}h` })}`
  const end = Math.floor((endedAt ?? now) / 1_000)
  return exploreLink(urls.grafana, tenantOf('detailed'), traceql, { start: end - HOURS * 3_600, end })
}
