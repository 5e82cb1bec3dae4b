/**
 * Texts in which nothing was found, so that they are not read again: names, statements, addresses and system prompts are the
 * same in one span after another. A text in which something was found is never kept.
 */

/** Longer texts seldom come twice, and what one of them costs should not depend on its past. */
const LONGEST = 2048
/** Characters of one generation; two are kept. */
const MOST_CHARS = 256 * 1024

export class CleanTexts {
  #young = new Set<string>()
  #old = new Set<string>()
  #chars = 0

  has(text: string): boolean {
    return text.length <= LONGEST && (this.#young.has(text) || this.#old.has(text))
  }

  /** Forgets the older generation when the younger one is full. */
  add(text: string): void {
    if (text.length > LONGEST) return
    if (this.#chars + text.length > MOST_CHARS) {
      this.#old = this.#young
      this.#young = new Set()
      this.#chars = 0
    }
    this.#chars += text.length
    this.#young.add(text)
  }
}
