// Finds Pages projects, https://developers.cloudflare.com/pages/. This command does not manage them and needs only their ids.
import { ApiError } from './api-error'
import type { Client } from './client'
import type { ZoneAndAccount } from './scopes'

/**
 * @param names of projects
 * @returns name → id
 * @throws Error if no project has the name
 */
export async function pagesProjects(
  client: Client,
  { accountId }: ZoneAndAccount,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>()
  for (const name of names) {
    try {
      const path = `/accounts/${accountId}/pages/projects/${encodeURIComponent(name)}`
      found.set(name, (await client.get<{ id: string }>(path)).id)
    } catch (error) {
      if (error instanceof ApiError && error.reason === 'not_found')
        throw new Error(`the account has no Pages project "${name}"; correct cloudflare_config.pages`)
      throw error
    }
  }
  return found
}
