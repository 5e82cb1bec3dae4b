// Reads the notifications that Cloudflare has sent, https://developers.cloudflare.com/api/resources/alerting/subresources/history/
import type { Client } from './client'
import type { ZoneAndAccount } from './scopes'

export interface SentAlert {
  /** RFC 3339. */
  readonly sent: string
  /** The name of the notification policy. */
  readonly name: string
  readonly alertType: string
  readonly description: string
  /** `email`, `webhook` or `pagerduty`. The recipient is left out, because a webhook's address may be a secret. */
  readonly mechanism: string
}

interface HistoryEntry {
  readonly sent?: string
  readonly name?: string
  readonly alert_type?: string
  readonly description?: string
  readonly mechanism_type?: string
}

/** @returns notifications, newest first. @throws ApiError */
export async function alertHistory(
  client: Client,
  { accountId }: ZoneAndAccount,
  since: Date,
  before: Date,
): Promise<SentAlert[]> {
  const query = { since: since.toISOString(), before: before.toISOString() }
  const entries = await client.list<HistoryEntry>(`/accounts/${accountId}/alerting/v3/history`, query)
  return entries
    .map(({ sent = '', name = '', alert_type = '', description = '', mechanism_type = '' }) => ({ sent, name, alertType: alert_type, description, mechanism: mechanism_type })) // biome-ignore format: one line
    .toSorted((a, b) => (a.sent > b.sent ? -1 : 1))
}
