// Webhooks as notification destinations, https://developers.cloudflare.com/notifications/get-started/configure-webhooks/
//
// Cloudflare never shows a secret again, removes secrets from URLs of known services, and ignores a changed URL. So nothing can be compared
// or updated. Instead, the name contains a fingerprint, and a new secret means a new webhook. Unnecessary ones would annoy, because
// Cloudflare sends a test message to each new webhook.
import type { Client } from './client'
import { type Adapter, type DesiredResource, fingerprintOf } from './resource'
import type { ZoneAndAccount } from './scopes'

export interface WantedWebhook extends DesiredResource {
  /** From `webhookName`. */
  readonly name: string
  /** Usually a secret itself. */
  readonly url: string
  /** Sent in the header `cf-webhook-auth`. */
  readonly secret?: string
}

interface Webhook {
  readonly id: string
  readonly name: string
  readonly url?: string
  readonly type?: string
  readonly created_at?: string
}

/** @param label letters, digits, hyphens and underscores */
export const webhookName = (service: string, label: string, url: string, secret = ''): string =>
  `afn-otel ${service} ${label} ${fingerprintOf(url, secret)}`

/**
 * Only paid accounts have webhooks, https://developers.cloudflare.com/notifications/.
 * @returns why the account has none; undefined if it has them, or if Cloudflare does not say
 * @throws ApiError
 */
export async function whyNoWebhooks(client: Client, { accountId }: ZoneAndAccount): Promise<string | undefined> {
  const mechanisms = await client.get<Record<string, unknown>>(
    `/accounts/${accountId}/alerting/v3/destinations/eligible`,
  )
  const known = Object.values(mechanisms ?? {}).flat() as ({ type?: unknown; eligible?: unknown } | null)[]
  const isRefused = known.some(one => one?.type === 'webhook' && one.eligible === false)
  return isRefused
    ? 'accounts that pay Cloudflare for nothing have no webhooks; notifications go to --email, and the monitoring Worker posts to Discord'
    : undefined
}

/** @param unavailable why the account has no webhooks, from `whyNoWebhooks` */
export function webhooks(
  client: Client,
  { accountId }: ZoneAndAccount,
  service: string,
  unavailable?: string,
): Adapter<WantedWebhook, Webhook> {
  const path = `/accounts/${accountId}/alerting/v3/destinations/webhooks`
  const isName = (name: string) => {
    const [mark, of, label, fingerprint, ...rest] = name.split(' ')
    return (
      mark === 'afn-otel' && of === service && !!label && /^[0-9a-f]{8}$/.test(fingerprint ?? '') && rest.length === 0
    )
  }
  return {
    kind: 'webhook',
    permission: 'Notifications',
    read: () => client.list<Webhook>(path),
    idOf: ({ id }) => id,
    nameOf: ({ name }) => name,
    createdOf: ({ created_at }) => created_at ?? '',
    isOurs: ({ name }) => isName(name),
    // for known services, Cloudflare shows the URL without its secret, so it may be that of another channel
    isEqual: ({ url, secret }, found) => found.type === 'generic' && secret === undefined && found.url === url,
    differences: () => [],
    needs: () => [],
    unavailable: () => unavailable,
    create: async ({ name, url, secret }) =>
      (await client.send<{ id: string }>('POST', path, { name, url, ...(secret !== undefined && { secret }) })).id,
    update: async () => {},
    remove: async id => {
      await client.send('DELETE', `${path}/${id}`)
    },
  }
}
