// When those who wait for a judge have their turn. A judge that is being asked keeps the process alive, so that nobody could see that the
// app has nothing left to do while one question follows the other. So they go out in rounds, and between two rounds nothing of ours holds
// the process: where the app has ended, there is no next one.
import { inRoot } from '../root-context'

// Taken now: an application's fake timers must not decide.
const { setTimeout } = globalThis

export class Rounds {
  #open = 0
  readonly #waiting = new Set<() => void>()
  #idle: (() => void)[] = []

  /** Somebody waits for the next round, and has the first claim. */
  get isAwaited(): boolean {
    return this.#waiting.size > 0
  }

  /** @param begin is called in the next round; may wait for the one after it */
  wait(begin: () => void): void {
    this.#waiting.add(begin)
  }

  leave(begin: () => void): void {
    this.#waiting.delete(begin)
    this.#rest()
  }

  opened(): void {
    this.#open++
  }

  closed(): void {
    this.#open--
    this.#rest()
  }

  /** Resolves when nobody is asked and nobody waits. */
  async finish(): Promise<void> {
    if (this.#open === 0 && this.#waiting.size === 0) return
    await new Promise<void>(resolve => this.#idle.push(resolve))
  }

  #rest(): void {
    if (this.#open > 0) return
    if (this.#waiting.size > 0) inRoot(setTimeout, this.#next, 1).unref()
    else for (const resolve of this.#idle.splice(0)) resolve()
  }

  readonly #next = (): void => {
    if (this.#open > 0) return
    const turn = [...this.#waiting]
    this.#waiting.clear()
    for (const begin of turn) begin()
    this.#rest()
  }
}
