// Finds Tempo's own OTLP receiver, and proves that it is Tempo's before anything is pushed. A Collector would take the spans as
// new ones: it would put them into every tier again, and every count and cost of their traces would be wrong for good.
import { parseAllDocuments } from 'yaml'
import { type Backend, BackendError } from '../../shared/queries/http'
import { ask, emptyOtlp, objectIn } from '../doctor/probe-request'

/** Where the receiver listens when Tempo does not say so: OTLP/HTTP's own port. */
const usualPort = 4318

/**
 * @param named the Tempo that the user names; undefined to try the usual places
 * @throws BackendError when it is not there, or has no tenants
 */
export async function findTempo(named: Backend | undefined, usual: readonly string[]): Promise<Backend> {
  const setBy = named?.setBy ?? '--tempo or AFN_TEMPO_URL'
  const reasons: string[] = []
  for (const url of named ? [named.url] : usual) {
    const reason = await withoutTiers(url)
    if (reason === undefined) return { name: 'Tempo', url, setBy }
    reasons.push(reason)
  }
  throw new BackendError(`${reasons.join('; ')}; start it there, or set ${setBy}`)
}

/**
 * Without tenants there are no tiers, and a push would look like an app's. This request stores nothing.
 * @returns why no tiers can be repaired there
 */
async function withoutTiers(url: string): Promise<string | undefined> {
  const answer = await ask(`${url}/api/search?limit=1`)
  if ('silent' in answer) return `Tempo does not answer at ${url} (${answer.silent})`
  if (answer.status === 401) return undefined
  const { product } = objectIn(await bodyOf(`${url}/api/status/buildinfo`))
  return product === 'afn-otel'
    ? `afn-otel up is at ${url}, which decides on tiers whenever it reads, so that there is nothing to repair`
    : `what is at ${url} answers a search without a tenant with ${answer.status}, not with 401 as a Tempo with tenants does, which are its tiers (multitenancy_enabled: true in the tempo.yaml that afn-otel generate writes)`
}

/**
 * @param named the receiver that the user names; undefined to look for it on Tempo's host
 * @param publishedPort where generated compose files publish it
 * @throws BackendError when none of the places is its receiver
 */
export async function findReceiver(
  tempo: Backend,
  named: Backend | undefined,
  publishedPort: number,
): Promise<Backend> {
  const setBy = named?.setBy ?? '--otlp or AFN_TEMPO_OTLP_URL'
  const places = named ? [named.url] : await placesOn(tempo, publishedPort)
  const reasons: string[] = []
  for (const url of places) {
    const reason = await notTempo(url)
    if (reason === undefined) return { name: 'Tempo', url, setBy }
    reasons.push(`${url} ${reason}`)
  }
  throw new BackendError(
    `Tempo's own OTLP/HTTP receiver was not found: ${reasons.join('; ')}. Nothing was pushed; publish its port, and name it by ${setBy}`,
  )
}

/** The published port first: the other one may be that of the Collector on the same host. */
async function placesOn({ url }: Backend, publishedPort: number): Promise<string[]> {
  const ports = new Set([publishedPort, (await configuredPort(url)) ?? usualPort])
  return [...ports].map(port => {
    const { protocol, hostname } = new URL(url)
    return `${protocol}//${hostname}:${port}`
  })
}

/** Of the receiver, as Tempo's own page of its configuration says. */
async function configuredPort(url: string): Promise<number | undefined> {
  try {
    // Tempo puts the request that it answers before its configuration, as a document of its own.
    const documents = parseAllDocuments(await bodyOf(`${url}/status/config`))
    const { distributor } = documents.at(-1)?.toJS() ?? {}
    const { endpoint } = distributor.receivers.otlp.protocols.http
    return Number(/:(\d{1,5})$/.exec(endpoint)?.[1]) || undefined
  } catch {
    // it does not tell; the usual port is tried
    return undefined
  }
}

async function bodyOf(url: string): Promise<string> {
  const answer = await ask(url)
  return 'status' in answer && answer.status === 200 ? answer.body : ''
}

/**
 * The first request is empty and asks for a path that Tempo does not have, so it leaves nothing in a Collector that takes
 * metrics. The second one has a span, since nobody looks at the tenant of an empty request: Tempo refuses it for want of a
 * tenant. Only what takes spans, no metrics, and no tenant would keep it, and it counts nothing and costs nothing there.
 * @returns why it is not the receiver of a Tempo with tenants; undefined when it is
 */
async function notTempo(url: string): Promise<string | undefined> {
  const metrics = await ask(`${url}/v1/metrics`, { ...emptyOtlp, redirect: 'manual' })
  if ('silent' in metrics) return `does not answer (${metrics.silent})`
  if (metrics.status < 300) return 'takes metrics too, as a Collector does'
  if (metrics.status !== 404) return `answers /v1/metrics with ${metrics.status}, where Tempo answers 404`
  const headers = { 'content-type': 'application/json' }
  const spans = await ask(`${url}/v1/traces`, {
    method: 'POST',
    headers,
    body: JSON.stringify(probe()),
    redirect: 'manual',
  })
  if ('silent' in spans) return `does not answer (${spans.silent})`
  if (spans.status < 300) return 'takes spans without a tenant, which Tempo refuses'
  if (/no org id/i.test(spans.body)) return undefined
  return `refuses spans with ${spans.status}, and not for want of a tenant: ${spans.body.trim().slice(0, 200)}`
}

function probe() {
  const now = `${BigInt(Date.now()) * 1_000_000n}`
  const span = {
    traceId: randomHex(32),
    spanId: randomHex(16),
    name: 'afn-otel reconcile: is this Tempo?',
    kind: 1,
    startTimeUnixNano: now,
    endTimeUnixNano: now,
  }
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'afn-otel' } }] }
  return { resourceSpans: [{ resource, scopeSpans: [{ scope: { name: '@afn/otel' }, spans: [span] }] }] }
}

const randomHex = (digits: number): string =>
  Buffer.from(crypto.getRandomValues(new Uint8Array(digits / 2))).toString('hex')
