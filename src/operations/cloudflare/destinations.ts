// OTLP destinations for the traces and logs of Workers,
// https://developers.cloudflare.com/workers/observability/exporting-opentelemetry-data/. Workers refer to destinations by name, so names
// never change. Before each change, Cloudflare sends a request to the URL and requires a success.
import type { Client } from './client'
import { type Adapter, type DesiredResource, type Difference, isSame } from './resource'
import type { ZoneAndAccount } from './scopes'

type Signal = 'traces' | 'logs'

export interface WantedDestination extends DesiredResource {
  /** From `destinationName`. */
  readonly name: string
  readonly signal: Signal
  /** The full URL, such as `https://otel.shop.example/v1/traces`. Cloudflare sends JSON. */
  readonly url: string
  /** Usually secrets. */
  readonly headers: Readonly<Record<string, string>>
}

interface Destination {
  readonly slug: string
  readonly name: string
  readonly enabled?: boolean
  readonly configuration?: { readonly url?: string; readonly headers?: Readonly<Record<string, string>> | null }
}

export const destinationName = (service: string, signal: Signal): string => `afn-otel-${service}-${signal}`

export function destinations(
  client: Client,
  { accountId }: ZoneAndAccount,
  service: string,
): Adapter<WantedDestination, Destination> {
  const path = `/accounts/${accountId}/workers/observability/destinations`
  const own = new Set([destinationName(service, 'traces'), destinationName(service, 'logs')])
  return {
    kind: 'OTLP destination',
    permission: 'Workers Observability',
    read: () => client.list<Destination>(path),
    idOf: ({ slug }) => slug,
    nameOf: ({ name }) => name,
    createdOf: () => '',
    isOurs: ({ name }) => own.has(name),
    isEqual: () => false,
    differences,
    needs: () => [],
    unavailable: () => undefined,
    create: async ({ name, signal, url, headers }) =>
      (
        await client.send<{ slug: string }>('POST', path, {
          name,
          enabled: true,
          configuration: { type: 'logpush', logpushDataset: `opentelemetry-${signal}`, url, headers },
        })
      ).slug,
    update: async ({ slug }, { url, headers }) => {
      await client.send('PATCH', `${path}/${slug}`, { enabled: true, configuration: { type: 'logpush', url, headers } })
    },
    remove: async slug => {
      await client.send('DELETE', `${path}/${slug}`)
    },
  }
}

function differences({ url, headers }: WantedDestination, { enabled, configuration }: Destination): Difference[] {
  const shown = configuration?.headers ?? {}
  // a value that Cloudflare hides can't be compared
  const compared = Object.entries(headers).map(([name, value]) => [name, isHidden(shown[name]) ? shown[name] : value])
  return [
    ...(enabled === false ? [{ field: 'enabled', from: false, to: true }] : []),
    ...(configuration?.url === url ? [] : [{ field: 'configuration.url', from: configuration?.url, to: url }]),
    ...(isSame(Object.fromEntries(compared), shown)
      ? []
      : [{ field: 'configuration.headers', from: '(not shown)', to: '(not shown)' }]),
  ]
}

const isHidden = (value: string | undefined) => value !== undefined && /^[*•]+$|redacted/i.test(value)
