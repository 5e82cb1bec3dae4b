// The Worker's state from minute to minute, and the transitions. Pure functions: clock, storage and Discord are elsewhere.
import type { Condition, Result } from './probe'

export interface ProbeState {
  /** The last three results at most, newest last. */
  readonly recent: readonly Condition[]
  readonly condition: Condition
  /** Since when the condition holds, in ms since 1970. */
  readonly since: number
}

export interface Post {
  readonly kind: 'down' | 'blocked' | 'recovered' | 'heartbeat_missing' | 'heartbeat_back'
  /** The name of the probe or heartbeat. */
  readonly name: string
  /** For people; may be empty. */
  readonly why: string
  /** ms since 1970 */
  readonly at: number
  /** Duration of the resolved condition in ms. */
  readonly lastedMs?: number
  /** Whether Discord may have received it before. */
  readonly mayBeTwice?: boolean
}

export interface MonitorState {
  /** When the Worker first ran, in ms since 1970. */
  readonly startedAt: number
  /** Minutes since 1970 of the newest results. */
  readonly minute: number
  readonly probes: Readonly<Record<string, ProbeState>>
  /** Since when the heartbeat is missing, in ms since 1970. */
  readonly missingSince?: number
  /** Posts that Discord has not received yet. */
  readonly outbox: readonly Post[]
}

export interface Minute {
  /** When the cron trigger was due, in ms since 1970; this may be some time ago. */
  readonly scheduledAt: number
  readonly results: readonly Result[]
  readonly heartbeat?: {
    /** ms since 1970; absent if none has arrived yet. */
    readonly lastAt?: number
    readonly maxAgeMs: number
  }
}

const MINUTE_MS = 60_000
const RECENT = 3
const ENOUGH = 2
/** Maximum minutes between consecutive results; cron triggers may be late or missed. */
const LONGEST_GAP = 3
/** Maximum posts in the outbox. */
const MOST_POSTS = 20

/** @param now ms since 1970 */
export const firstState = (now: number): MonitorState => ({ startedAt: now, minute: 0, probes: {}, outbox: [] })

/** @returns the same state for a minute that was seen before, because a cron trigger may fire twice */
export function advance(state: MonitorState, { scheduledAt: at, results, heartbeat }: Minute): MonitorState {
  const minute = Math.floor(at / MINUTE_MS)
  if (minute <= state.minute) return state
  const isGap = minute - state.minute > LONGEST_GAP
  const posts: Post[] = []
  const probes: Record<string, ProbeState> = {}
  for (const { name, condition: seen, why } of results) {
    // a new service counts as up, so one that is down from the start causes a post
    const before = state.probes[name] ?? { recent: [], condition: 'up', since: at }
    const recent = [...(isGap ? [] : before.recent), seen].slice(-RECENT)
    const condition = conditionOf(recent) ?? before.condition
    if (condition === before.condition) {
      probes[name] = { ...before, recent }
      continue
    }
    probes[name] = { recent, condition, since: at }
    if (condition === 'up') posts.push({ kind: 'recovered', name, why: '', at, lastedMs: at - before.since })
    else posts.push({ kind: condition, name, why, at })
  }
  const { missingSince, post } = heartbeatOf(state, heartbeat, at)
  if (post) posts.push(post)
  return {
    startedAt: state.startedAt,
    minute,
    probes,
    ...(missingSince !== undefined && { missingSince }),
    outbox: [...state.outbox, ...posts].slice(-MOST_POSTS),
  }
}

/** Bad if two of the last three results are; recovered only if the last two are up, so that flapping is no recovery. */
function conditionOf(recent: readonly Condition[]): Condition | undefined {
  const last = recent.at(-1)
  if (last !== 'up') return recent.filter(one => one === last).length >= ENOUGH ? last : undefined
  return recent.at(-ENOUGH) === 'up' && recent.length >= ENOUGH ? 'up' : undefined
}

function heartbeatOf(
  { missingSince, startedAt }: MonitorState,
  heartbeat: Minute['heartbeat'],
  at: number,
): { readonly missingSince?: number; readonly post?: Post } {
  if (heartbeat === undefined) return {}
  const { lastAt, maxAgeMs } = heartbeat
  // a new Worker waits the full time for the first heartbeat
  const isMissing = at - Math.max(lastAt ?? 0, startedAt) > maxAgeMs
  if (isMissing && missingSince !== undefined) return { missingSince }
  const base = { name: 'Watchdog', at }
  if (isMissing) {
    const why = lastAt === undefined ? 'never' : new Date(lastAt).toISOString()
    return { missingSince: at, post: { ...base, kind: 'heartbeat_missing', why } }
  }
  if (missingSince === undefined) return {}
  return { post: { ...base, kind: 'heartbeat_back', why: '', lastedMs: at - missingSince } }
}
