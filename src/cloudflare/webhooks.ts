// Webhooks as destinations of notifications, https://developers.cloudflare.com/notifications/get-started/configure-webhooks/
//
// Cloudflare never shows a secret again, and takes the secret out of the URLs that it knows; a change of the URL does not arrive. So nothing can
// be compared, and nothing updated: a fingerprint in the name tells one secret from another, and another secret is another webhook. That
// matters, since Cloudflare sends a test message to each new one.
import { ApiError } from './api-error'
import type { Client } from './client'
import { type Adapter, fingerprintOf, type Wanted } from './resource'
import type { Place } from './scopes'

export interface WantedWebhook extends Wanted {
  /** By `webhookName`. */
  readonly name: string
  /** Mostly a secret itself. */
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

/** @param label of letters, digits, hyphens and underscores */
export const webhookName = (service: string, label: string, url: string, secret = ''): string =>
  `afn-otel ${service} ${label} ${fingerprintOf(url, secret)}`

/** @param zonePlan `legacy_id` of the zone's plan, where it is known */
export function webhooks(
  client: Client,
  { accountId }: Place,
  service: string,
  zonePlan: string | undefined,
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
    // of the types that Cloudflare knows, the URL that it shows has no secret, and so may be that of another channel
    isEqual: ({ url, secret }, found) => found.type === 'generic' && secret === undefined && found.url === url,
    differences: () => [],
    needs: () => [],
    unavailable: () => undefined,
    create: async ({ name, url, secret }) => {
      try {
        const body = { name, url, ...(secret !== undefined && { secret }) }
        return (await client.send<{ id: string }>('POST', path, body)).id
      } catch (error) {
        throw zonePlan === 'free' && error instanceof ApiError ? withoutPaid(error) : error
      }
    },
    update: async () => {},
    remove: async id => {
      await client.send('DELETE', `${path}/${id}`)
    },
  }
}

/**
 * Webhooks are for accounts that pay for something, https://developers.cloudflare.com/notifications/; whether another zone of the account
 * does so is not seen, so the answer decides. Nobody has documented which one it is.
 */
function withoutPaid(error: ApiError): ApiError {
  if (error.reason !== 'scope' && error.reason !== 'refused') return error
  const words = error.errors.map(({ message }) => message).join('; ')
  const message = `accounts that pay for nothing have no webhooks (Cloudflare: ${words}); without DISCORD_WEBHOOK_URL notifications go to --email, and the monitoring Worker posts to Discord`
  return new ApiError({ reason: 'plan', status: error.status, errors: [{ code: 0, message }], method: error.method, path: error.path }) // biome-ignore format: one line
}
