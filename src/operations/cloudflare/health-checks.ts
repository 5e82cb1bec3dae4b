// Health Checks of a zone, https://developers.cloudflare.com/health-checks/: Cloudflare sends requests to the origin, bypassing its own
// cache.
import type { Client } from './client'
import { type Adapter, type DesiredResource, differencesOf, isSame, markOf } from './resource'
import type { ZoneAndAccount } from './scopes'

export interface WantedHealthCheck extends DesiredResource {
  /** Letters, digits, hyphens and underscores. */
  readonly name: string
  /** `http:` or `https:`; the path may have a query. */
  readonly url: string
  /** Seconds between two checks of a region. Default 60, the shortest interval of the Pro plan. */
  readonly interval?: number
  /** seconds */
  readonly timeout?: number
  /** Cloudflare's region codes, such as `WEU`. Default: Cloudflare's choice. */
  readonly regions?: readonly string[]
}

interface HealthCheck {
  readonly id: string
  readonly name: string
  readonly description?: string
  readonly created_on?: string
  readonly address: string
  readonly type?: string
  readonly suspended?: boolean
  readonly http_config?: { readonly path?: string; readonly port?: number; readonly method?: string } | null
}

/** Two results in a row are needed, so that a single lost answer alerts nobody. */
const IN_A_ROW = 2

/** @param zonePlan `legacy_id` of the zone's plan, if known */
export function healthChecks(
  client: Client,
  { zoneId }: ZoneAndAccount,
  service: string,
  zonePlan: string | undefined,
): Adapter<WantedHealthCheck, HealthCheck> {
  const path = `/zones/${zoneId}/healthchecks`
  const mark = markOf(service)
  const bodyOf = (wanted: WantedHealthCheck) => ({ name: wanted.name, description: mark, ...fieldsOf(wanted) })
  return {
    kind: 'health check',
    permission: 'Health Checks',
    read: () => client.list<HealthCheck>(path),
    idOf: ({ id }) => id,
    nameOf: ({ name }) => name,
    createdOf: ({ created_on }) => created_on ?? '',
    isOurs: ({ description }) => description === mark,
    isEqual: (wanted, found) => {
      const { address, type, http_config } = fieldsOf(wanted)
      const probes = { address: found.address, type: found.type, path: found.http_config?.path, port: portOf(found) }
      return !found.suspended && isSame(probes, { address, type, path: http_config.path, port: http_config.port })
    },
    differences: (wanted, found) => differencesOf(fieldsOf(wanted), found),
    needs: () => [],
    unavailable: () =>
      zonePlan === 'free'
        ? 'the Free plan of this zone has no Health Checks; the monitoring Worker probes instead (afn-otel cloudflare deploy-worker)'
        : undefined,
    create: async wanted => (await client.send<{ id: string }>('POST', path, bodyOf(wanted))).id,
    // keeps the description of a check that somebody else created
    update: async ({ id }, wanted) => {
      await client.send('PATCH', `${path}/${id}`, { name: wanted.name, ...fieldsOf(wanted) })
    },
    remove: async id => {
      await client.send('DELETE', `${path}/${id}`)
    },
  }
}

function fieldsOf({ url, interval = 60, timeout = 5, regions }: WantedHealthCheck) {
  const { protocol, hostname, port, pathname, search } = new URL(url)
  const isTls = protocol === 'https:'
  return {
    address: hostname,
    type: isTls ? 'HTTPS' : 'HTTP',
    interval,
    timeout,
    retries: 2,
    consecutive_fails: IN_A_ROW,
    consecutive_successes: IN_A_ROW,
    suspended: false,
    ...(regions && { check_regions: regions }),
    http_config: {
      method: 'GET',
      path: `${pathname}${search}`,
      port: port === '' ? (isTls ? 443 : 80) : Number(port),
      expected_codes: ['200'],
      follow_redirects: false,
      allow_insecure: false,
      header: { Host: [hostname] },
    },
  }
}

const portOf = ({ type, http_config }: HealthCheck) => http_config?.port ?? (type === 'HTTPS' ? 443 : 80)
