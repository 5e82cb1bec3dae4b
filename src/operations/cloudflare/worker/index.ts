// The monitoring Worker that `afn-otel cloudflare deploy-worker` uploads: a cron trigger runs the probes, and a Durable Object keeps the
// state. https://developers.cloudflare.com/workers/configuration/cron-triggers/
import { headers } from '../../../shared/config/kinds'
import type { Language } from './discord'
import { Monitor, type MonitorOptions, type Storage } from './monitor'
import { type Probe, type Result, runProbe } from './probe'

/** Bindings; secrets are `secret_text`, the others `plain_text`. */
interface Bindings {
  readonly MONITOR: {
    idFromName(name: string): object
    get(id: object): { fetch(url: string, init: RequestInit): Promise<Response> }
  }
  readonly SERVICE: string
  /** A JSON list of `{name, url}`. Secret, because a URL may contain a token. */
  readonly PROBES: string
  readonly LANGUAGE?: string
  /** Secret. */
  readonly DISCORD_WEBHOOK_URL?: string
  /** Secret: the last path segment of the URL to which Alertmanager posts the Watchdog. */
  readonly HEARTBEAT_SECRET?: string
  /** Seconds. Default 900. */
  readonly HEARTBEAT_MAX_AGE?: string
  readonly OTEL_EXPORTER_OTLP_ENDPOINT?: string
  /** Secret. OpenTelemetry's format: `name=value`, separated by commas. */
  readonly OTEL_EXPORTER_OTLP_HEADERS?: string
}

interface Controller {
  /** ms since 1970 */
  readonly scheduledTime: number
}

const HEARTBEAT_MAX_AGE_S = 900

export default {
  async scheduled({ scheduledTime }: Controller, bindings: Bindings): Promise<void> {
    const probes = JSON.parse(bindings.PROBES) as readonly Probe[]
    const results = await Promise.all(probes.map(probe => runProbe(probe, (...args) => fetch(...args), Date.now)))
    const response = await objectOf(bindings).fetch('https://monitor/minute', {
      method: 'POST',
      body: JSON.stringify({ scheduledTime, results }),
    })
    // appears in the list of cron events
    if (!response.ok) throw new Error(`the state of the monitor cannot be read or written: ${await response.text()}`)
  },

  async fetch(request: Request, bindings: Bindings): Promise<Response> {
    const secret = /^\/heartbeat\/([^/]+)$/.exec(new URL(request.url).pathname)?.[1]
    const isHeartbeat = request.method === 'POST' && secret !== undefined && bindings.HEARTBEAT_SECRET !== undefined
    // an unauthorized client can't even tell which paths exist
    if (!isHeartbeat || !(await isEqual(secret, bindings.HEARTBEAT_SECRET!))) return new Response(null, { status: 404 })
    return await objectOf(bindings).fetch('https://monitor/heartbeat', { method: 'POST' })
  },
}

/** The class of the Durable Object, which has one instance. */
export class MonitorObject {
  readonly #monitor: Monitor

  constructor({ storage }: { readonly storage: Storage }, bindings: Bindings) {
    this.#monitor = new Monitor(storage, optionsOf(bindings))
  }

  async fetch(request: Request): Promise<Response> {
    if (new URL(request.url).pathname === '/heartbeat') await this.#monitor.heartbeat()
    else {
      const { scheduledTime, results } = (await request.json()) as { scheduledTime: number; results: Result[] }
      await this.#monitor.minute(scheduledTime, results)
    }
    return new Response(null, { status: 204 })
  }
}

const objectOf = ({ MONITOR }: Bindings) => MONITOR.get(MONITOR.idFromName('monitor'))

function optionsOf(bindings: Bindings): MonitorOptions {
  const { SERVICE, LANGUAGE, DISCORD_WEBHOOK_URL, HEARTBEAT_SECRET, HEARTBEAT_MAX_AGE, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } = bindings // biome-ignore format: one line
  const language: Language = LANGUAGE === 'ja' ? 'ja' : 'en'
  const maxAge = Number(HEARTBEAT_MAX_AGE) > 0 ? Number(HEARTBEAT_MAX_AGE) : HEARTBEAT_MAX_AGE_S
  return {
    service: SERVICE,
    language,
    ...(DISCORD_WEBHOOK_URL && { discordWebhookUrl: DISCORD_WEBHOOK_URL }),
    ...(HEARTBEAT_SECRET && { heartbeatMaxAgeMs: maxAge * 1_000 }),
    ...(endpoint && {
      metrics: {
        url: `${endpoint.replace(/\/+$/, '')}/v1/metrics`,
        headers: headers.parse(bindings.OTEL_EXPORTER_OTLP_HEADERS ?? '') ?? {},
      },
    }),
    fetch: (...args) => fetch(...args),
    now: Date.now,
  }
}

/** Compares in constant time. */
async function isEqual(a: string, b: string): Promise<boolean> {
  const digest = async (text: string) =>
    new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
  const [left, right] = await Promise.all([digest(a), digest(b)])
  return left.reduce((difference, byte, index) => difference | (byte ^ right[index]!), 0) === 0
}
