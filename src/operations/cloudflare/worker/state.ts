// What the Worker knows from one minute to the next, and what follows from a new minute. Pure: clock, storage and Discord are elsewhere.
import type { Condition, Result } from './probe'

export interface ProbeState {
  /** The last three at most, the newest one at the end. */
  readonly recent: readonly Condition[]
  readonly condition: Condition
  /** Since when it holds; ms since 1970. */
  readonly since: number
}

export interface Post {
  readonly kind: 'down' | 'blocked' | 'recovered' | 'heartbeat_missing' | 'heartbeat_back'
  /** Of what the post is about. */
  readonly name: string
  /** For people; empty where there is nothing to say. */
  readonly why: string
  /** ms since 1970 */
  readonly at: number
  /** How long it lasted, of what is over; ms. */
  readonly lastedMs?: number
  /** Whether Discord may have it already. */
  readonly mayBeTwice?: boolean
}

export interface MonitorState {
  /** When the Worker ran for the first time; ms since 1970. */
  readonly startedAt: number
  /** Minutes since 1970 of the newest results. */
  readonly minute: number
  readonly probes: Readonly<Record<string, ProbeState>>
  /** Since when the heartbeat is missing; ms since 1970. */
  readonly missingSince?: number
  /** What Discord does not have yet. */
  readonly outbox: readonly Post[]
}

export interface Minute {
  /** ms since 1970: when the cron trigger was due, which may be some time ago. */
  readonly scheduledAt: number
  readonly results: readonly Result[]
  readonly heartbeat?: {
    /** ms since 1970; absent where none has come yet. */
    readonly lastAt?: number
    readonly maxAgeMs: number
  }
}

const MINUTE_MS = 60_000
const RECENT = 3
const ENOUGH = 2
/** Minutes between two results that belong together; cron triggers come late, and some never. */
const LONGEST_GAP = 3
/** More of them say nothing more. */
const MOST_POSTS = 20

/** @param now ms since 1970 */
export const firstState = (now: number): MonitorState => ({ startedAt: now, minute: 0, probes: {}, outbox: [] })

/** @returns the same state for a minute that it knows, or that is older: a cron trigger may fire twice */
export function advance(state: MonitorState, { scheduledAt: at, results, heartbeat }: Minute): MonitorState {
  const minute = Math.floor(at / MINUTE_MS)
  if (minute <= state.minute) return state
  const isGap = minute - state.minute > LONGEST_GAP
  const posts: Post[] = []
  const probes: Record<string, ProbeState> = {}
  for (const { name, condition: seen, why } of results) {
    // a service that was never seen is taken to be up, so one that is down from the start is a change
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

/** Bad when two of the last three are so; well again when the last two are, so that what changes each minute is no recovery. */
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
  // a Worker that was just deployed waits as long for the first one
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
