// How much of a judge's work is one step, counted and not timed: on a machine with too little time for all, a clock would say nothing of
// the work.

/** Of units that take a tenth of a microsecond or so: characters that are read, words that are looked up. */
const MOST = 4_096

export class Pace {
  #done = 0

  /** @returns whether the step should end here, now that so much more is done */
  isOver(work: number): boolean {
    this.#done += work
    if (this.#done < MOST) return false
    this.#done = 0
    return true
  }
}
