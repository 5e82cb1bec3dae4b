// Holds all ended items that wait before export, for any reason: one room with one limit bounds the memory.
import { reason, report } from '../../../shared/diag/report'
import type { WaitingCounts } from '../../../shared/diag/status'
import { inRoot } from '../../root-context'

export type Reason = keyof WaitingCounts

const mostItems = 4_096
const mostBytes = 16 * 2 ** 20

/** A waiting item. */
export interface Ticket<T> {
  readonly item: T
  readonly bytes: number
  readonly isIn: boolean
}

interface TicketNode<T> extends Ticket<T> {
  /** Time in seconds of the room's clock at which it stops waiting. */
  readonly until: number
  older: TicketNode<T> | undefined
  newer: TicketNode<T> | undefined
  isIn: boolean
}

export interface WaitingListOptions<T> {
  /** Passes on an item that was removed. */
  readonly goOn: (item: T) => void
  /** Maximum seconds of waiting; default: no limit. */
  readonly seconds?: number
  /** Called when an item is passed on because of its age, or to make room. */
  readonly onEvicted?: () => void
}

/**
 * If the limit is exceeded, the oldest item of the largest list is passed on. The cost of a step does not depend on the number of waiting
 * items.
 */
export class WaitingRoom {
  /** Time in seconds, counted by a timer, so that no clock is read at the end of a call. It stops while nothing has a deadline. */
  now = 0
  /** Number of items in all lists. */
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

  /** Number of waiting items by list. */
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

  /** Starts the clock, if it is stopped. */
  tick(): void {
    this.#timer ??= inRoot(setTimeout, this.#tick, 1_000).unref()
  }

  makeRoom(): void {
    // an item that is passed on may start to wait in another list
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

/** Items with the same reason to wait, in the order in which they stop waiting. */
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
   * May cause other items, or this one, to be passed on.
   * @param bytes approximate memory of the item
   * @param seconds maximum time, if it differs from that of the list
   */
  add(item: T, bytes: number, seconds = this.#options.seconds ?? Number.POSITIVE_INFINITY): Ticket<T> {
    const room = this.#room
    const until = room.now + seconds
    let older = this.#newest
    // nearly all items have the same maximum time
    while (older && older.until > until) older = older.older
    const entry = { item, bytes, until, older, newer: undefined, isIn: true }
    this.#link(entry)
    if (until !== Number.POSITIVE_INFINITY) room.tick()
    if (room.items > mostItems || room.bytes > mostBytes) room.makeRoom()
    return entry
  }

  /** Restores an item that was the oldest. */
  putBack(ticket: Ticket<T>): void {
    const entry = ticket as TicketNode<T>
    entry.older = undefined
    this.#link(entry)
  }

  /** Removes an item. @returns whether it was in the list */
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

  /** The oldest items, which stay in the list. */
  first(most: number): Ticket<T>[] {
    const first: Ticket<T>[] = []
    for (let entry = this.oldest as TicketNode<T> | undefined; entry && first.length < most; entry = entry.newer)
      first.push(entry)
    return first
  }

  /**
   * Passes on all items that wait now, the oldest first.
   * @returns whether more remain
   */
  release(most = Number.POSITIVE_INFINITY): boolean {
    for (let left = Math.min(most, this.size); left > 0 && this.oldest; left--) this.#goOn(this.oldest)
    return this.size > 0
  }

  evict(ticket: Ticket<T>): void {
    this.#options.onEvicted?.()
    this.#goOn(ticket)
  }

  /** @returns whether an item with a deadline remains */
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
      // the other items must still be passed on, and neither a timer nor the app may fail because of this
      report('AFN161', `what waited was lost on its way out (${reason(error)})`)
    }
  }

  /** Inserts an item after the given older one. */
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
