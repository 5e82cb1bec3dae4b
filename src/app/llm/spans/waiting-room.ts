// Where what has ended waits on its way out, whatever it waits for: one room with one bound, so that memory has one.
import { reason, report } from '../../../shared/diag/report'
import type { WaitingCounts } from '../../../shared/diag/status'
import { inRoot } from '../../root-context'

export type Reason = keyof WaitingCounts

const mostItems = 4_096
const mostBytes = 16 * 2 ** 20

/** One that waits. */
export interface Ticket<T> {
  readonly item: T
  readonly bytes: number
  readonly isIn: boolean
}

interface TicketNode<T> extends Ticket<T> {
  /** Second of the room's clock at which it goes on anyway. */
  readonly until: number
  older: TicketNode<T> | undefined
  newer: TicketNode<T> | undefined
  isIn: boolean
}

export interface WaitingListOptions<T> {
  /** Lets go on what was taken out. */
  readonly goOn: (item: T) => void
  /** Seconds after which one goes on anyway; the default is never. */
  readonly seconds?: number
  /** One goes on for its age, or for want of room. */
  readonly onEvicted?: () => void
}

/** Where too much waits, the oldest in the place that holds most goes on. Every step costs the same, however much waits. */
export class WaitingRoom {
  /** Time, in seconds: counted, so that no clock is read at the end of a call. It stands still while nothing has a deadline. */
  now = 0
  /** Of all places. */
  items = 0
  bytes = 0
  readonly #places = new Map<WaitingList<unknown>, Reason>()
  #timer: NodeJS.Timeout | undefined
  #isEvicting = false

  list<T>(reason: Reason, options: WaitingListOptions<T>): WaitingList<T> {
    const place = new WaitingList<T>(options, this)
    this.#places.set(place as WaitingList<unknown>, reason)
    return place
  }

  /** What waits, by what it waits for. */
  get counts(): WaitingCounts {
    const none = () => ({ items: 0, bytes: 0 })
    const counts: { [reason in Reason]: { items: number; bytes: number } } = {
      duplicates: none(),
      turn: none(),
      prices: none(),
      retries: none(),
      names: none(),
    }
    for (const [{ size, bytes }, reason] of this.#places) {
      counts[reason].items += size
      counts[reason].bytes += bytes
    }
    return counts
  }

  /** Starts the clock, if it stands still. */
  tick(): void {
    this.#timer ??= inRoot(setTimeout, this.#tick, 1_000).unref()
  }

  makeRoom(): void {
    // what goes on may wait for something else
    if (this.#isEvicting) return
    this.#isEvicting = true
    while (this.items > mostItems || this.bytes > mostBytes) {
      const by = this.bytes > mostBytes ? 'bytes' : 'size'
      const fullest = [...this.#places.keys()].reduce((most, place) => (place[by] > most[by] ? place : most))
      fullest.evict(fullest.oldest as Ticket<unknown>)
    }
    this.#isEvicting = false
  }

  readonly #tick = (): void => {
    this.#timer = undefined
    this.now++
    let isWaiting = false
    for (const place of this.#places.keys()) isWaiting = place.evictOld() || isWaiting
    if (isWaiting) this.tick()
  }
}

/** Where one thing is waited for: a list, the one that goes on first at its head. */
export class WaitingList<T> {
  size = 0
  bytes = 0
  oldest: Ticket<T> | undefined
  readonly #options: WaitingListOptions<T>
  readonly #room: WaitingRoom
  #newest: TicketNode<T> | undefined

  constructor(options: WaitingListOptions<T>, room: WaitingRoom) {
    this.#options = options
    this.#room = room
  }

  /**
   * May let others go on, or this one.
   * @param bytes that it keeps in memory, roughly
   * @param seconds how long it waits, where that is not what all in this place wait
   */
  add(item: T, bytes: number, seconds = this.#options.seconds ?? Number.POSITIVE_INFINITY): Ticket<T> {
    const room = this.#room
    const until = room.now + seconds
    let older = this.#newest
    // nearly all wait equally long
    while (older && older.until > until) older = older.older
    const entry = { item, bytes, until, older, newer: undefined, isIn: true }
    this.#link(entry)
    if (until !== Number.POSITIVE_INFINITY) room.tick()
    if (room.items > mostItems || room.bytes > mostBytes) room.makeRoom()
    return entry
  }

  /** Puts one back that was the oldest. */
  putBack(ticket: Ticket<T>): void {
    const entry = ticket as TicketNode<T>
    entry.older = undefined
    this.#link(entry)
  }

  /** Takes one out. @returns whether it was in */
  take(ticket: Ticket<T> | undefined): boolean {
    if (!ticket?.isIn) return false
    const entry = ticket as TicketNode<T>
    const { older, newer } = entry
    if (older) older.newer = newer
    else this.oldest = newer
    if (newer) newer.older = older
    else this.#newest = older
    entry.isIn = false
    this.size--
    this.bytes -= entry.bytes
    this.#room.items--
    this.#room.bytes -= entry.bytes
    return true
  }

  /** The oldest, which stay in. */
  first(most: number): Ticket<T>[] {
    const first: Ticket<T>[] = []
    for (let entry = this.oldest as TicketNode<T> | undefined; entry && first.length < most; entry = entry.newer)
      first.push(entry)
    return first
  }

  /**
   * Lets go on what waits at this moment, the oldest first.
   * @returns whether there are more
   */
  release(most = Number.POSITIVE_INFINITY): boolean {
    for (let left = Math.min(most, this.size); left > 0 && this.oldest; left--) this.#goOn(this.oldest)
    return this.size > 0
  }

  evict(ticket: Ticket<T>): void {
    this.#options.onEvicted?.()
    this.#goOn(ticket)
  }

  /** @returns whether something with a deadline is left */
  evictOld(): boolean {
    for (
      let entry = this.oldest as TicketNode<T>;
      entry && entry.until <= this.#room.now;
      entry = this.oldest as TicketNode<T>
    )
      this.evict(entry)
    return this.oldest !== undefined && (this.oldest as TicketNode<T>).until !== Number.POSITIVE_INFINITY
  }

  #goOn(ticket: Ticket<T>): void {
    this.take(ticket)
    try {
      this.#options.goOn(ticket.item)
    } catch (error) {
      // the others must go on all the same, and neither a timer nor the application may fail by it
      report('AFN161', `what waited was lost on its way out (${reason(error)})`)
    }
  }

  /** Puts one behind the one that is older. */
  #link(entry: TicketNode<T>): void {
    const { older, bytes } = entry
    const newer = older ? older.newer : (this.oldest as TicketNode<T> | undefined)
    entry.newer = newer
    entry.isIn = true
    if (older) older.newer = entry
    else this.oldest = entry
    if (newer) newer.older = entry
    else this.#newest = entry
    this.size++
    this.bytes += bytes
    this.#room.items++
    this.#room.bytes += bytes
  }
}
