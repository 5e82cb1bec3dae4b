// Notification policies, https://developers.cloudflare.com/notifications/: they map alerts to recipients.
import type { Client } from './client'
import {
  type Adapter,
  type DesiredResource,
  differencesOf,
  type IdOf,
  isSame,
  LATER,
  markOf,
  type Reference,
} from './resource'
import type { ZoneAndAccount } from './scopes'

export interface WantedPolicy extends DesiredResource {
  /** Such as `health_check_status_notification`. */
  readonly alertType: string
  readonly filters?: Readonly<Record<string, readonly string[]>>
  /** Names of the health checks that it covers. */
  readonly healthChecks?: readonly string[]
  /** Names of its webhooks. */
  readonly webhooks?: readonly string[]
  /** Its e-mail addresses. */
  readonly emails?: readonly string[]
  /** Our own alert with the same purpose, for accounts without this type. */
  readonly instead?: string
}

interface Policy {
  readonly id: string
  readonly name: string
  readonly description?: string
  readonly created?: string
  readonly enabled?: boolean
  readonly alert_type?: string
  readonly filters?: Readonly<Record<string, readonly string[]>> | null
  readonly mechanisms?: Readonly<Record<string, readonly { readonly id?: string }[]>> | null
}

/** @returns the alert types that the account's plans include */
export async function availableAlerts(client: Client, { accountId }: ZoneAndAccount): Promise<ReadonlySet<string>> {
  const products = await client.get<Record<string, readonly { readonly type?: string }[]>>(
    `/accounts/${accountId}/alerting/v3/available_alerts`,
  )
  return new Set(
    Object.values(products ?? {})
      .flat()
      .flatMap(({ type }) => type ?? []),
  )
}

/** @param available from `availableAlerts` */
export function policies(
  client: Client,
  { accountId }: ZoneAndAccount,
  service: string,
  available: ReadonlySet<string>,
): Adapter<WantedPolicy, Policy> {
  const path = `/accounts/${accountId}/alerting/v3/policies`
  const mark = markOf(service)
  return {
    kind: 'notification policy',
    permission: 'Notifications',
    read: async () => (await client.list<Policy>(path)).map(withoutNames),
    idOf: ({ id }) => id,
    nameOf: ({ name }) => name,
    createdOf: ({ created }) => created ?? '',
    isOurs: ({ description }) => description === mark,
    isEqual: (wanted, { alert_type, enabled, filters, mechanisms }, idOf) =>
      isSame(fieldsOf(wanted, idOf), { alert_type, enabled, filters, mechanisms }),
    differences: (wanted, found, idOf) => differencesOf(fieldsOf(wanted, idOf), found),
    needs,
    unavailable: ({ alertType, instead }) =>
      available.has(alertType)
        ? undefined
        : `this account has no alerts of type ${alertType}${instead === undefined ? '' : `; ${instead} watches it instead`}`,
    create: async (wanted, idOf) =>
      (
        await client.send<{ id: string }>('POST', path, {
          name: wanted.name,
          description: mark,
          ...fieldsOf(wanted, idOf),
        })
      ).id,
    // PUT replaces the whole policy, so recipients that people added, such as PagerDuty, are sent again
    update: async ({ id, description, filters, mechanisms }, wanted, idOf) => {
      const fields = fieldsOf(wanted, idOf)
      await client.send('PUT', `${path}/${id}`, {
        name: wanted.name,
        ...(description !== undefined && { description }),
        ...fields,
        filters: { ...filters, ...fields.filters },
        mechanisms: { ...mechanisms, ...fields.mechanisms },
      })
    },
    remove: async id => {
      await client.send('DELETE', `${path}/${id}`)
    },
  }
}

const needs = ({ healthChecks = [], webhooks = [] }: WantedPolicy): Reference[] => [
  ...webhooks.map(name => ({ kind: 'webhook', name })),
  ...healthChecks.map(name => ({ kind: 'health check', name })),
]

function fieldsOf(
  { alertType, filters = {}, healthChecks = [], webhooks = [], emails = [] }: WantedPolicy,
  idOf: IdOf,
) {
  const ids = (kind: string, names: readonly string[]) => names.map(name => idOf({ kind, name }) ?? LATER)
  return {
    alert_type: alertType,
    enabled: true,
    filters: { ...filters, ...(healthChecks.length > 0 && { health_check_id: ids('health check', healthChecks) }) },
    mechanisms: {
      ...(webhooks.length > 0 && { webhooks: ids('webhook', webhooks).map(id => ({ id })) }),
      ...(emails.length > 0 && { email: emails.map(id => ({ id })) }),
    },
  }
}

/** Removes the names of destinations: Cloudflare returns them beside the ids, but accepts only ids. */
const withoutNames = (policy: Policy): Policy => ({
  ...policy,
  mechanisms: Object.fromEntries(
    Object.entries(policy.mechanisms ?? {}).map(([kind, all]) => [
      kind,
      (all ?? []).map(({ id }) => ({ id: id ?? '' })),
    ]),
  ),
})
