/**
 * How much of one span or log record is read. What is beyond the budget is replaced, since unread text may hold anything. The
 * scanner bounds each single string.
 */

import type { Bounds } from './scan/scanner'
import { CHARACTER_WORK, RECORD_WORK, REQUEST_WORK, VALUE_WORK, work } from './scan/work'

/** Characters of all strings of one record. */
const RECORD_CHARS = 1024 * 1024
/** Units of work for all short strings of a record together, besides those that its characters allow. */
const SHORT_STRINGS_WORK = 20_000
/** How long one record may take, in milliseconds. On a free machine the work that is allowed takes a tenth of it. */
const RECORD_MS = 1000
/** Of one value of a request: servers take 16 KiB of headers, which are read on the thread that answers. */
const REQUEST_CHARS = 2048
/** The clock is read once in so many characters, so that a small record does not pay for it. */
const CLOCK_CHARS = 64 * 1024

/** What a record has used of its budget. */
interface Used {
  readonly ms: number
  readonly work: number
  readonly chars: number
  readonly isOver: boolean
  readonly ofRequest: number
}

const NOTHING: Used = { ms: 0, work: 0, chars: 0, isOver: false, ofRequest: 0 }

export class Budget {
  readonly #now: () => number
  #begun = 0
  #workBefore = 0
  #spent = 0
  #looked = 0
  #isOver = false
  #ofRequest = 0

  /** @param now a clock, in milliseconds */
  constructor(now: () => number) {
    this.#now = now
  }

  /** A new record begins, or one goes on that others came between. */
  begin(used: Used = NOTHING): void {
    this.#begun = this.#now() - used.ms
    this.#workBefore = work.spent - used.work
    this.#spent = used.chars
    this.#looked = used.chars
    this.#isOver = used.isOver
    this.#ofRequest = used.ofRequest
  }

  get isOver(): boolean {
    return this.#isOver
  }

  used(): Used {
    return {
      ms: this.#now() - this.#begun,
      work: work.spent - this.#workBefore,
      chars: this.#spent,
      isOver: this.#isOver,
      ofRequest: this.#ofRequest,
    }
  }

  /** How much of the next value of a request may be read; no work when the others have used it up. */
  requestBounds(): Bounds {
    return { chars: REQUEST_CHARS, work: Math.max(0, Math.min(VALUE_WORK, REQUEST_WORK - this.#ofRequest)) }
  }

  /** A value of a request has cost so much work. */
  spendOnRequest(units: number): void {
    this.#ofRequest += units
  }

  /** True when a string of this length may still be read. */
  allows(length: number): boolean {
    this.#spent += length
    const mostWork = Math.min(RECORD_WORK, SHORT_STRINGS_WORK + this.#spent * CHARACTER_WORK)
    if (this.#spent > RECORD_CHARS || work.spent - this.#workBefore > mostWork) this.#isOver = true
    else if (this.#spent - this.#looked > CLOCK_CHARS) {
      this.#looked = this.#spent
      if (this.#now() - this.#begun > RECORD_MS) this.#isOver = true
    }
    return !this.#isOver
  }
}
