/** Requests to a running Alertmanager: its API v2, and its own metrics. https://prometheus.io/docs/alerting/latest/alerts_api/ */
import { type Backend, getJson, request } from '../../shared/queries/http'

export interface Silence {
  readonly id: string
  readonly matchers: readonly Matcher[]
  readonly startsAt: string
  readonly endsAt: string
  readonly createdBy: string
  readonly comment: string
  readonly status: { readonly state: 'active' | 'pending' | 'expired' }
}

export interface Matcher {
  readonly name: string
  readonly value: string
  readonly isRegex: boolean
  readonly isEqual: boolean
}

export interface PostedAlert {
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly startsAt: string
  readonly endsAt: string
}

export interface FiringAlert extends PostedAlert {
  readonly receivers: readonly { readonly name: string }[]
  readonly status: { readonly state: 'active' | 'suppressed' | 'unprocessed'; readonly silencedBy: readonly string[] }
}

export const alertmanagerAt = (url: string): Backend => ({
  name: 'Alertmanager',
  url,
  setBy: '--alertmanager URL (or AFN_ALERTMANAGER_URL)',
})

const json = (body: object) => ({ headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })

/** Of the receivers in the configuration that runs. */
export async function receiverNames(backend: Backend): Promise<string[]> {
  const receivers = (await getJson(backend, 'api/v2/receivers', {})) as { name: string }[]
  return receivers.map(({ name }) => name)
}

export async function postAlerts(backend: Backend, alerts: readonly PostedAlert[]): Promise<void> {
  await request(backend, 'api/v2/alerts', {}, { method: 'POST', ...json(alerts) })
}

export const alertsIn = async (backend: Backend): Promise<FiringAlert[]> =>
  (await getJson(backend, 'api/v2/alerts', {})) as FiringAlert[]

export const silencesIn = async (backend: Backend): Promise<Silence[]> =>
  (await getJson(backend, 'api/v2/silences', {})) as Silence[]

/** @returns its id */
export async function addSilence(backend: Backend, silence: Omit<Silence, 'id' | 'status'>): Promise<string> {
  const response = await request(backend, 'api/v2/silences', {}, { method: 'POST', ...json(silence) })
  return ((await response.json()) as { silenceID: string }).silenceID
}

export async function expireSilence(backend: Backend, id: string): Promise<void> {
  await request(backend, `api/v2/silence/${encodeURIComponent(id)}`, {}, { method: 'DELETE' })
}

/** Lets a server read its configuration again: Alertmanager, or Prometheus with `--web.enable-lifecycle`. */
export async function reload(backend: Backend): Promise<void> {
  await request(backend, '-/reload', {}, { method: 'POST' })
}

export interface Sample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** @returns by name of the metric */
export async function metricsOf(backend: Backend): Promise<Map<string, Sample[]>> {
  const text = await (await request(backend, 'metrics', {}, { signal: AbortSignal.timeout(10_000) })).text()
  const metrics = new Map<string, Sample[]>()
  for (const line of text.split('\n')) {
    const [, name, labels = '', value] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/.exec(line) ?? []
    if (name === undefined) continue
    const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, label, text]) => [label, text])
    metrics.set(name, [...(metrics.get(name) ?? []), { labels: Object.fromEntries(pairs), value: Number(value) }])
  }
  return metrics
}
