/** What Prometheus knows about an incident: its measured values, recent deploys, and failing requests. */
import { type Condition, conditionOf } from './condition'
import type { Incident } from './incident-store'
import { maskedText } from './notification'
import { type AlertingRule, type Labels, Prometheus, type SampledSeries } from './prometheus'

export interface Picture extends Condition {
  readonly series: readonly SampledSeries[]
  /** Seconds since 1970. */
  readonly start: number
  readonly end: number
}

export interface Deploy {
  readonly service: string
  readonly version: string
  /** Seconds since 1970; undefined if it was deployed before the range. */
  readonly at: number | undefined
}

export interface Failing {
  readonly service: string
  /** `POST /pay`, or a model. */
  readonly what: string
  /** The HTTP status, or the error type. */
  readonly why: string
  readonly count: number
  /** A TraceQL query for examples. */
  readonly traces: string
}

export interface Evidence {
  readonly picture: Picture | undefined
  readonly deploys: readonly Deploy[]
  readonly failing: readonly Failing[]
  /** Why parts may be missing; undefined if Prometheus answered. */
  readonly trouble: 'none' | 'silent' | undefined
}

const LIMIT_MS = 2_000
export const HOURS = 6
const STEP = 120
const MOST_SERIES = 5
const MOST_ROWS = 5
/** How far back to look for deploys. */
export const DEPLOY_HOURS = 24
const DEPLOY_STEP = 300
/** How long a result is shared: anybody can request the page. */
const FRESH_MS = 15_000
const MOST_KEPT = 50

export class EvidenceRoom {
  readonly #kept = new Map<string, { readonly at: number; readonly evidence: Promise<Evidence> }>()

  /** @param url of Prometheus, if there is one */
  constructor(
    private readonly url: string | undefined,
    private readonly now: () => number,
  ) {}

  /** Never fails, and takes at most two seconds. */
  of(incident: Incident): Promise<Evidence> {
    const kept = this.#kept.get(incident.id)
    if (kept && this.now() - kept.at < FRESH_MS) return kept.evidence
    const evidence = this.#look(incident)
    this.#kept.delete(incident.id)
    this.#kept.set(incident.id, { at: this.now(), evidence })
    for (const [id] of this.#kept) if (this.#kept.size > MOST_KEPT) this.#kept.delete(id)
    return evidence
  }

  async #look(incident: Incident): Promise<Evidence> {
    if (!this.url) return { picture: undefined, deploys: [], failing: [], trouble: 'none' }
    const prometheus = new Prometheus(this.url.replace(/\/+$/, ''), AbortSignal.timeout(LIMIT_MS))
    const end = Math.floor((incident.endedAt ?? this.now()) / 1_000)
    let trouble: Evidence['trouble']
    const or = <Value>(answer: Promise<Value>, otherwise: Value) =>
      answer.catch(() => {
        trouble = 'silent'
        return otherwise
      })
    const [picture, deploys, failing] = await Promise.all([
      or(pictureOf(prometheus, incident, end), undefined),
      or(deploysOf(prometheus, incident.service, end), []),
      or(failingOf(prometheus, incident.service), []),
    ])
    return { picture, deploys, failing, trouble }
  }
}

async function pictureOf(prometheus: Prometheus, incident: Incident, end: number): Promise<Picture | undefined> {
  const labels = incident.notification.commonLabels
  const rules = await prometheus.rules(incident.name)
  const rule = rules.find(rule => agree(fixedOf(rule), labels)) ?? rules[0]
  if (!rule) return undefined
  const condition = conditionOf(rule.query)
  const start = end - HOURS * 3_600
  const all = await prometheus.range(condition.measured, start, end, STEP)
  const own = all.filter(series => agree(series.labels, labels))
  const height = ({ points }: SampledSeries) => Math.max(...points.map(([, value]) => Math.abs(value)))
  const series = (own.length > 0 ? own : all)
    .filter(({ points }) => points.length > 0)
    .sort((one, other) => height(other) - height(one))
    .slice(0, MOST_SERIES)
  return { ...condition, series, start, end }
}

/** Labels that all alerts of the rule have in common, because they are not templates. */
const fixedOf = ({ labels }: AlertingRule): Labels =>
  Object.fromEntries(Object.entries(labels).filter(([, value]) => !value.includes('{{')))

/** Whether the labels that both have are equal. */
const agree = (some: Labels, labels: Labels): boolean =>
  Object.entries(some).every(([name, value]) => !(name in labels) || name === '__name__' || labels[name] === value)

/** `job` is `service.namespace/service.name`. */
const serviceOf = (job = ''): string => job.slice(job.lastIndexOf('/') + 1)

/** The rows of this service, or all rows if it has none, as for an objective over all services. */
function ofService<Row extends { readonly service: string }>(rows: readonly Row[], service: string): Row[] {
  const own = rows.filter(row => row.service === service)
  return own.length > 0 ? own : [...rows]
}

async function deploysOf(prometheus: Prometheus, service: string, end: number): Promise<Deploy[]> {
  const start = end - DEPLOY_HOURS * 3_600
  const query = 'group by (job, service_version) (target_info{service_version!=""})'
  const found = (await prometheus.range(query, start, end, DEPLOY_STEP)).flatMap(({ labels, points: [first] }) =>
    first ? [{ labels, at: first[0] }] : [],
  )
  const deploys = found.map(({ labels, at }) => ({
    service: serviceOf(labels.job),
    version: maskedText(labels.service_version ?? ''),
    at: at < start + 2 * DEPLOY_STEP ? undefined : at,
  }))
  const own = ofService(deploys, service)
  const isOwn = own.some(deploy => deploy.service === service)
  // of other services, only deploys within the range
  return own
    .filter(({ at }) => isOwn || at !== undefined)
    .sort((one, other) => (other.at ?? 0) - (one.at ?? 0))
    .slice(0, MOST_ROWS)
}

const routes = 'http_server_request_duration_seconds_count{http_response_status_code=~"5.."}'
const calls = 'gen_ai_client_inference_duration_seconds_count{error_type!=""}'

async function failingOf(prometheus: Prometheus, service: string): Promise<Failing[]> {
  const top = (metric: string, by: string) =>
    prometheus.instant(`sort_desc(sum by (job, ${by}) (increase(${metric}[1h])) > 0)`)
  const [ofRoutes, ofCalls] = await Promise.all([
    top(routes, 'http_request_method, http_route, http_response_status_code'),
    top(calls, 'gen_ai_request_model, error_type'),
  ])
  const rows: Failing[] = [
    ...ofRoutes.map(({ labels, value }) => ({
      service: serviceOf(labels.job),
      what: maskedText(`${labels.http_request_method ?? ''} ${labels.http_route ?? ''}`.trim()),
      why: labels.http_response_status_code ?? '',
      count: value,
      traces: traceql(serviceOf(labels.job), labels.http_route ? `span.http.route = ${text(labels.http_route)}` : 'kind = server'), // biome-ignore format: one line
    })),
    ...ofCalls.map(({ labels, value }) => ({
      service: serviceOf(labels.job),
      what: maskedText(labels.gen_ai_request_model ?? ''),
      why: maskedText(labels.error_type ?? ''),
      count: value,
      traces: traceql(serviceOf(labels.job), labels.gen_ai_request_model ? `span.gen_ai.request.model = ${text(labels.gen_ai_request_model)}` : 'span.gen_ai.operation.name != nil'), // biome-ignore format: one line
    })),
  ]
  return ofService(rows, service)
    .sort((one, other) => other.count - one.count)
    .slice(0, MOST_ROWS)
}

const text = (value: string): string => JSON.stringify(maskedText(value))

const traceql = (service: string, condition: string): string =>
  `{ resource.service.name = ${text(service)} && status = error && ${condition} }`
