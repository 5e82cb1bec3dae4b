// Web Analytics of a zone, https://developers.cloudflare.com/web-analytics/. Its sites have neither a name nor a description that could
// show who created them, so none is ever deleted.
import type { Client } from './client'
import { type Adapter, type DesiredResource, differencesOf } from './resource'
import type { ZoneAndAccount } from './scopes'

export interface WantedSite extends DesiredResource {
  /** Name of the zone, such as `shop.example`. */
  readonly name: string
}

interface Site {
  readonly site_tag: string
  readonly created?: string
  readonly auto_install?: boolean
  readonly ruleset?: { readonly enabled?: boolean; readonly zone_name?: string; readonly zone_tag?: string } | null
}

export function webAnalytics(client: Client, { accountId, zoneId }: ZoneAndAccount): Adapter<WantedSite, Site> {
  const path = `/accounts/${accountId}/rum/site_info`
  return {
    kind: 'Web Analytics site',
    permission: 'Account Settings',
    read: () => client.list<Site>(`${path}/list`),
    idOf: ({ site_tag }) => site_tag,
    nameOf: ({ ruleset, site_tag }) => (ruleset?.zone_tag === zoneId ? (ruleset.zone_name ?? site_tag) : site_tag),
    createdOf: ({ created }) => created ?? '',
    isOurs: () => undefined,
    isEqual: (_, { ruleset }) => ruleset?.zone_tag === zoneId,
    differences: (_, found) => differencesOf({ auto_install: true, ruleset: { enabled: true } }, found),
    needs: () => [],
    unavailable: () => undefined,
    create: async () =>
      (await client.send<{ site_tag: string }>('POST', path, { auto_install: true, zone_tag: zoneId })).site_tag,
    update: async ({ site_tag }) => {
      await client.send('PUT', `${path}/${site_tag}`, { auto_install: true, enabled: true, zone_tag: zoneId })
    },
    remove: async id => {
      await client.send('DELETE', `${path}/${id}`)
    },
  }
}
