// Determines which permissions a command needs and which of them the API token lacks.
// https://developers.cloudflare.com/fundamentals/api/reference/permissions/
import { ApiError } from './api-error'
import type { Client } from './client'

/** Group and name as in the dashboard; where it says Edit, the API says Write. */
export interface Scope {
  readonly group: 'Zone' | 'Account'
  readonly name: string
  readonly access: 'Read' | 'Edit'
}

export interface ZoneAndAccount {
  readonly zoneId: string
  readonly accountId: string
}

interface Permission {
  readonly group: Scope['group']
  readonly name: PermissionName
  /** Matches the paths of requests that need it. */
  readonly pattern: RegExp
  /** A list whose reading proves the read permission; empty if nothing can be read. */
  readonly list: string
  /** A resource that can't exist. Deleting it changes nothing: a token with the permission gets 404, any other 403. */
  readonly absent: string
}

const NO_ID = '0'.repeat(32)

const permissionsOf = ({ zoneId, accountId }: ZoneAndAccount): readonly Permission[] => {
  const account = `/accounts/${accountId}`
  return [
    {
      group: 'Zone',
      name: 'Health Checks',
      pattern: /^\/zones\/[^/]+\/healthchecks/,
      list: `/zones/${zoneId}/healthchecks`,
      absent: `/zones/${zoneId}/healthchecks/${NO_ID}`,
    },
    {
      group: 'Account',
      name: 'Notifications',
      pattern: /^\/accounts\/[^/]+\/alerting\//,
      list: `${account}/alerting/v3/policies`,
      absent: `${account}/alerting/v3/policies/${NO_ID}`,
    },
    {
      group: 'Account',
      name: 'Account Settings',
      pattern: /^\/accounts\/[^/]+\/rum\//,
      list: `${account}/rum/site_info/list`,
      absent: `${account}/rum/site_info/${NO_ID}`,
    },
    {
      group: 'Account',
      name: 'Workers Observability',
      pattern: /^\/accounts\/[^/]+\/workers\/observability\//,
      list: `${account}/workers/observability/destinations`,
      absent: `${account}/workers/observability/destinations/afn-otel-${NO_ID}`,
    },
    {
      group: 'Account',
      name: 'Workers Scripts',
      pattern: /^\/accounts\/[^/]+\/workers\/scripts/,
      list: `${account}/workers/scripts`,
      absent: `${account}/workers/scripts/afn-otel-${NO_ID}`,
    },
  ]
}

export const permissionNames = [
  'Health Checks',
  'Notifications',
  'Account Settings',
  'Workers Observability',
  'Workers Scripts',
] as const

export type PermissionName = (typeof permissionNames)[number]

/**
 * Tests each permission without changing anything.
 * @param names permissions of the resources that the command manages
 * @returns all missing permissions
 * @throws ApiError if an answer does not show whether the permission exists
 */
export async function missingScopes(
  client: Client,
  place: ZoneAndAccount,
  names: ReadonlySet<PermissionName>,
  access: Scope['access'],
): Promise<Scope[]> {
  const missing: Scope[] = []
  for (const { group, name, list, absent } of permissionsOf(place)) {
    if (!names.has(name)) continue
    try {
      if (access === 'Read') await client.get(list)
      else await client.send('DELETE', absent)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (error.reason === 'scope') missing.push({ group, name, access })
      // these answers come from behind the gateway, which rejects tokens without the permission
      else if (!['not_found', 'refused', 'plan'].includes(error.reason)) throw error
    }
  }
  return missing
}

/** Only setups with Pages projects need it. */
const PAGES = /^\/accounts\/[^/]+\/pages\//

/** @returns the permission that the token lacks for the refused request; undefined if none of ours covers it */
export function scopeOf({ method, path }: Pick<ApiError, 'method' | 'path'>): Scope | undefined {
  if (PAGES.test(path)) return { group: 'Account', name: 'Cloudflare Pages', access: 'Read' }
  const permission = permissionsOf({ zoneId: '', accountId: '' }).find(({ pattern }) => pattern.test(path))
  return permission && { group: permission.group, name: permission.name, access: method === 'GET' ? 'Read' : 'Edit' }
}

/** `Zone > Health Checks > Edit` */
export const scopeText = ({ group, name, access }: Scope): string => `${group} > ${name} > ${access}`
