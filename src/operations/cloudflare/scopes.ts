// Permissions of the API token: which ones a command needs, and which of them are missing.
// https://developers.cloudflare.com/fundamentals/api/reference/permissions/
import { ApiError } from './api-error'
import type { Client } from './client'

/** As the dashboard groups and names them; where it says Edit, the API says Write. */
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
  /** Of the requests that need it. */
  readonly pattern: RegExp
  /** Lists something, and so shows the permission to read. Undefined where nothing can be read. */
  readonly list: string
  /** What cannot exist. A token that may delete gets 404 for it, every other token 403; nothing is deleted. */
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
 * Tries each permission, and changes nothing.
 * @param names those of the resources that the command is about
 * @returns all that are missing
 * @throws ApiError where an answer does not show whether the permission is there
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
      // these come from behind the gateway, which lets no request pass whose token lacks the permission
      else if (!['not_found', 'refused', 'plan'].includes(error.reason)) throw error
    }
  }
  return missing
}

/** Only those who name projects need it. */
const PAGES = /^\/accounts\/[^/]+\/pages\//

/** @returns what the token lacks, by the request that was refused; undefined for a request that no permission of ours is about */
export function scopeOf({ method, path }: Pick<ApiError, 'method' | 'path'>): Scope | undefined {
  if (PAGES.test(path)) return { group: 'Account', name: 'Cloudflare Pages', access: 'Read' }
  const permission = permissionsOf({ zoneId: '', accountId: '' }).find(({ pattern }) => pattern.test(path))
  return permission && { group: permission.group, name: permission.name, access: method === 'GET' ? 'Read' : 'Edit' }
}

/** `Zone > Health Checks > Edit` */
export const scopeText = ({ group, name, access }: Scope): string => `${group} > ${name} > ${access}`
