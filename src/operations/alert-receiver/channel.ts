/**
 * One worker per channel across all replicas: the replica that holds the channel's row works for it. It releases the row when it stops, or
 * loses it by falling silent. The row also stores when the service may be called again, so that a restart does not forget it.
 */
import { readlinkSync } from 'node:fs'
import { mayRun, thisProcess, type Writer } from '../../shared/files/process'
import type { Database } from './database'
import { Failure } from './request'

const HELD_MS = 30_000
/** A request takes at most ten seconds. Each renewal writes to disk. */
const RENEW_MS = 15_000
const TICK_MS = 1_000
/** Pause between rounds while more arrives, so that new notifications can be stored. */
const PAUSE_MS = 200
const FIRST_WAIT_MS = 2_000
const LONGEST_WAIT_MS = 60_000
const LASTING_WAIT_MS = 300_000
const FIRST_REFUSAL_WAIT_MS = 60_000
const LONGEST_REFUSAL_WAIT_MS = 3_600_000

export interface Lease {
  /** Call it right before each request. @throws LeaseLost if another replica works for the channel by now */
  renew(): Promise<void>
}

export class LeaseLost extends Error {}

export interface ChannelWork {
  readonly name: string
  /** Does the pending work. @throws Failure if the whole channel has to wait */
  round(lease: Lease): Promise<void>
  /** Called for each failure of the channel. */
  failed(failure: Failure): void
  /** Called if the database is unavailable. */
  broken(error: Error): void
}

export interface Worker {
  /** Announces that work may be pending. */
  wake(): void
  /** Resolves when the current request has finished. */
  stop(): Promise<void>
}

/** @param holder unique name of this replica */
export function startWorker(database: Database, work: ChannelWork, holder: string, now: () => number): Worker {
  const mine = `${JSON.stringify({ ...thisProcess(), namespace: namespace() })} ${holder}`
  let isOver = false
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  let isWanted = false

  async function acquire(): Promise<boolean> {
    const at = now()
    const [row] = await database.read('SELECT holder, until FROM channels WHERE name = ?', [work.name])
    const before = String(row?.holder ?? '')
    const left = Number(row?.until ?? 0) - at
    if (before === mine && left > RENEW_MS) return true
    if (row && before !== mine && left >= 0 && !hasEnded(before)) return false
    const [changed] = await database.write([
      {
        sql: `INSERT INTO channels (name, holder, until) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE
          SET holder = excluded.holder, until = excluded.until WHERE holder = ? AND until = ?`,
        args: [work.name, mine, at + HELD_MS, before, row?.until ?? null],
      },
    ])
    return changed === 1
  }

  const lease: Lease = {
    async renew() {
      if (isOver || !(await acquire())) throw new LeaseLost()
    },
  }

  async function once(): Promise<void> {
    if (!(await acquire())) return
    const [row] = await database.read('SELECT * FROM channels WHERE name = ?', [work.name])
    if (Number(row?.not_before) > now()) return
    try {
      await work.round(lease)
      if (Number(row?.failures) > 0 || row?.blocked !== '') await settle(0, 0)
    } catch (error) {
      if (error instanceof LeaseLost) return
      if (!(error instanceof Failure)) throw error
      const failures = Number(row?.failures) + 1
      await settle(failures, now() + waitAfter(error, failures), error)
      work.failed(error)
    }
  }

  const settle = (failures: number, notBefore: number, failure?: Failure) =>
    database.write([
      {
        sql: 'UPDATE channels SET failures = ?, not_before = ?, failure = ?, blocked = ? WHERE name = ?',
        args: [failures, notBefore, failure?.message ?? '', failure?.isLasting ? failure.message : '', work.name],
      },
    ])

  function schedule(): void {
    if (isOver || running) return
    clearTimeout(timer)
    isWanted = false
    running = once()
      .catch((error: Error) => work.broken(error))
      .finally(() => {
        running = undefined
        if (!isOver) timer = setTimeout(schedule, isWanted ? PAUSE_MS : TICK_MS)
      })
  }
  schedule()

  return {
    wake() {
      isWanted = true
      if (!running) schedule()
    },
    async stop() {
      isOver = true
      clearTimeout(timer)
      await running
      await database
        .write([{ sql: 'UPDATE channels SET until = 0 WHERE name = ? AND holder = ?', args: [work.name, mine] }])
        .catch(() => {})
    },
  }
}

/**
 * Returns whether the holder is a process of this machine that was killed. Nothing is known about processes of other machines or
 * containers.
 */
function hasEnded(holder: string): boolean {
  const writer = JSON.parse(holder.slice(0, holder.lastIndexOf(' '))) as Writer & { readonly namespace: string }
  return writer.namespace === namespace() && !mayRun(writer)
}

/** The PID namespace, in which process ids are comparable: containers may share a host name. */
function namespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return ''
  }
}

/** Waits as long as the service requests; otherwise twice as long each time. */
function waitAfter({ waitMs, isLasting }: Failure, failures: number): number {
  if (isLasting) return LASTING_WAIT_MS
  const ours = Math.min(FIRST_WAIT_MS * 2 ** Math.min(failures - 1, 10), LONGEST_WAIT_MS)
  // jitter keeps replicas and other receivers from returning at the same moment
  return Math.max(
    waitMs ?? 0,
    waitMs === undefined ? ours * (0.75 + Math.random() / 2) : waitMs + 100 + Math.random() * 400,
  )
}

/**
 * How long to postpone a ticket or digest whose content the service rejects, while the rest of the channel continues. Doubles each time.
 * @param failures number of earlier failures
 * @returns ms
 */
export const waitAfterRefusal = (failures: number): number =>
  Math.min(FIRST_REFUSAL_WAIT_MS * 2 ** Math.min(failures, 6), LONGEST_REFUSAL_WAIT_MS)
