// What the proxy says of LangFuse's outages: each that begins, once a minute at most, each that lasts, and how the last one ended.

/** An outage that begins sooner after the last one, as when every other request fails, is said when it has lasted as long. */
const QUIET_MS = 60_000
/** Who looks at the log some time later finds a line, too. */
const AGAIN_MS = 600_000

interface Outage {
  readonly since: number
  refusals: number
  isSaid: boolean
}

/** @param say gets a line @param now in ms, of any beginning */
export function outagesOf(target: string, say: (line: string) => void, now: () => number) {
  let outage: Outage | undefined
  let saidAt = Number.NEGATIVE_INFINITY

  function isDue({ since, isSaid }: Outage): boolean {
    if (isSaid) return now() - saidAt >= AGAIN_MS
    return now() - saidAt > QUIET_MS || now() - since >= QUIET_MS
  }

  /** @param why undefined when LangFuse has taken what was sent */
  return (why: string | undefined): void => {
    if (why === undefined) {
      if (outage?.isSaid) say(`langfuse: ${target} accepts spans again`)
      outage = undefined
      return
    }
    outage ??= { since: now(), refusals: 0, isSaid: false }
    outage.refusals++
    if (!isDue(outage)) return
    const minutes = Math.round((now() - outage.since) / 60_000)
    const more = minutes > 0 ? `, ${outage.refusals} times in ${minutes} min` : ''
    say(`langfuse: ${target} rejects spans (${why}${more}); they stay in the queue`)
    outage.isSaid = true
    saidAt = now()
  }
}
