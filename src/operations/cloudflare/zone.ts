// Reads the configured zone and checks that it belongs to the account.
import { ApiError } from './api-error'
import type { Client } from './client'
import type { ZoneAndAccount } from './scopes'

export interface Zone {
  /** Such as `shop.example`. */
  readonly name: string
  /** `free`, `pro`, `business` or `enterprise`, if Cloudflare reports it. */
  readonly plan: string | undefined
}

interface ZoneDocument {
  readonly id: string
  readonly name: string
  readonly account?: { readonly id?: string; readonly name?: string }
  readonly plan?: { readonly legacy_id?: string }
}

/**
 * @throws Error if the ids are wrong, with the reason
 * @throws ApiError for any other refusal
 */
export async function readZone(client: Client, { zoneId, accountId }: ZoneAndAccount): Promise<Zone> {
  const zone = await zoneOf(client, zoneId)
  if (zone === undefined) {
    if ((await zoneOf(client, accountId)) !== undefined)
      throw new Error('CLOUDFLARE_ZONE_ID and CLOUDFLARE_ACCOUNT_ID are swapped: the second one is the id of a zone')
    throw new Error(
      'the token sees no zone of the id CLOUDFLARE_ZONE_ID: the id is another one, or the token lacks Zone > Zone > Read for it',
    )
  }
  const { name, account, plan } = zone
  if (account?.id !== undefined && account.id !== accountId)
    throw new Error(`the zone ${name} is of the account ${account.id}, and not of that of CLOUDFLARE_ACCOUNT_ID`)
  return { name, plan: plan?.legacy_id }
}

/**
 * Lists the zones that the token can read.
 * @returns id → name
 * @throws ApiError
 */
export async function zonesOfAccount(
  client: Client,
  { accountId }: ZoneAndAccount,
): Promise<ReadonlyMap<string, string>> {
  const all = await client.list<ZoneDocument>('/zones', { 'account.id': accountId })
  return new Map(all.map(({ id, name }) => [id, name]))
}

async function zoneOf(client: Client, id: string): Promise<ZoneDocument | undefined> {
  try {
    return await client.get<ZoneDocument>(`/zones/${id}`)
  } catch (error) {
    // Cloudflare's answers for a zone that the token can't read
    if (error instanceof ApiError && ['not_found', 'scope', 'refused'].includes(error.reason)) return undefined
    throw error
  }
}
