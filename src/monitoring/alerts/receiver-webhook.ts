/**
 * How Alertmanager's configuration says to our receiver what a notification is for: in the query of the webhook's URL, since a
 * webhook's body says nothing of it.
 */
export interface Hook {
  /** Channels of kind tickets, or of Discord through the receiver, that the receiver itself serves. */
  readonly channels: readonly string[]
  /** Whose escalation begins, a severity's or a route's; undefined where nothing escalates: tests, other environments, what is escalated already. */
  readonly ladder: string | undefined
}

/** Where the receiver takes what Alertmanager posts. */
export const HOOK_PATH = '/alertmanager'

/** Such as `http://localhost:9095/alertmanager?channel=tickets&ladder=critical`. */
export function hookUrl(receiver: string, { channels, ladder }: Hook): string {
  const query = new URLSearchParams(channels.map((name): [string, string] => ['channel', name]))
  if (ladder) query.append('ladder', ladder)
  return `${receiver.replace(/\/+$/, '')}${HOOK_PATH}?${query}`
}

export const hookOf = (query: URLSearchParams): Hook => ({
  channels: query.getAll('channel'),
  ladder: query.get('ladder') ?? undefined,
})
