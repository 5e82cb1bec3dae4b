/**
 * One worker for each channel, among all replicas: whoever holds the channel's row works for it, and gives it up at the end, or by
 * silence. When the service may be called again stands in the same row, so that a restart does not forget it.
 */
import { readlinkSync } from 'node:fs'
import { mayRun, thisProcess, type Writer } from '../../shared/files/process'
import type { Database } from './database'
import { Failure } from './request'

const HELD_MS = 30_000
/** A request ends in ten seconds, or is given up. Each renewal is a write to the disk. */
const RENEW_MS = 15_000
const TICK_MS = 1_000
/** Between two rounds while more comes in, so that what comes in is taken meanwhile. */
const PAUSE_MS = 200
const FIRST_WAIT_MS = 2_000
const LONGEST_WAIT_MS = 60_000
const LASTING_WAIT_MS = 300_000
const FIRST_REFUSAL_WAIT_MS = 60_000
const LONGEST_REFUSAL_WAIT_MS = 3_600_000

export interface Lease {
  /** Right before each request. @throws LeaseLost where another replica works for the channel by now */
  renew(): Promise<void>
}

export class LeaseLost extends Error {}

export interface ChannelWork {
  readonly name: string
  /** Does what is due. @throws Failure where the whole channel has to wait */
  round(lease: Lease): Promise<void>
  /** Of each failure of the channel. */
  failed(failure: Failure): void
  /** The database cannot be used. */
  broken(error: Error): void
}

export interface Worker {
  /** Something may be due. */
  wake(): void
  /** Resolves when the request at work is done. */
  stop(): Promise<void>
}

/** @param holder name of this replica, which no other one has */
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

/** A process of this machine that was killed holds nothing; of another machine's, or another container's, nothing is known. */
function hasEnded(holder: string): boolean {
  const writer = JSON.parse(holder.slice(0, holder.lastIndexOf(' '))) as Writer & { readonly namespace: string }
  return writer.namespace === namespace() && !mayRun(writer)
}

/** In which process ids mean what they mean here: containers may share the name of their machine. */
function namespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return ''
  }
}

/** What the service says, else twice as long each time. */
function waitAfter({ waitMs, isLasting }: Failure, failures: number): number {
  if (isLasting) return LASTING_WAIT_MS
  const ours = Math.min(FIRST_WAIT_MS * 2 ** Math.min(failures - 1, 10), LONGEST_WAIT_MS)
  // two replicas, and many receivers, do not come back together
  return Math.max(
    waitMs ?? 0,
    waitMs === undefined ? ours * (0.75 + Math.random() / 2) : waitMs + 100 + Math.random() * 400,
  )
}

/**
 * How long one ticket or digest waits that the service refuses for its content, while the rest of the channel goes on: twice as long
 * each time.
 * @param failures before this one
 * @returns ms
 */
export const waitAfterRefusal = (failures: number): number =>
  Math.min(FIRST_REFUSAL_WAIT_MS * 2 ** Math.min(failures, 6), LONGEST_REFUSAL_WAIT_MS)
