// Runs a probe from the edge. It distinguishes an origin that is down from a Cloudflare rule that blocks the Worker.

export interface Probe {
  /** The displayed name. The URL is never displayed, because it may contain a token. */
  readonly name: string
  readonly url: string
}

export type Condition = 'up' | 'down' | 'blocked'

export interface Result {
  readonly name: string
  readonly condition: Condition
  /** The reason for `down` and `blocked`, for people. */
  readonly why: string
  /** The HTTP status; absent if there was no answer. */
  readonly status?: number
  readonly durationMs: number
}

const DEADLINE_MS = 10_000
/** Maximum characters of a page to inspect. */
const LONGEST_PAGE = 20_000

export async function runProbe({ name, url }: Probe, send: typeof fetch, now: () => number): Promise<Result> {
  const start = now()
  const finished = () => Math.max(0, now() - start)
  try {
    const response = await send(url, {
      headers: { 'user-agent': 'afn-otel-monitor', 'cache-control': 'no-cache' },
      redirect: 'manual',
      signal: AbortSignal.timeout(DEADLINE_MS),
    })
    const durationMs = finished()
    const { ok, status } = response
    const page = ok ? '' : (await response.text()).slice(0, LONGEST_PAGE)
    const rule = ok ? undefined : ruleOf(response, page)
    if (ok) await response.body?.cancel()
    if (rule !== undefined) return { name, condition: 'blocked', why: rule, status, durationMs }
    return { name, condition: ok ? 'up' : 'down', why: ok ? '' : `HTTP ${status}`, status, durationMs }
  } catch (error) {
    const isLate = (error as Error).name === 'TimeoutError'
    const why = isLate ? `no answer for ${DEADLINE_MS / 1_000} s` : 'it cannot be reached'
    return { name, condition: 'down', why, durationMs: finished() }
  }
}

/** Recognizes Cloudflare's own pages, because an origin may answer 403 too. */
function ruleOf({ status, headers }: Response, page: string): string | undefined {
  const mitigation = headers.get('cf-mitigated')
  if (mitigation !== null) return `a rule of Cloudflare refuses the probe (${mitigation.slice(0, 40)})`
  if (status !== 403 && status !== 429) return undefined
  // 1006 to 1020: access denied by a rule; 1015: rate limited
  const code = /error code:?\s*<?\/?[a-z]*>?\s*(10(?:0[6-9]|1\d|20))\b/i.exec(page)?.[1]
  return code === undefined ? undefined : `a rule of Cloudflare refuses the probe (error ${code})`
}
