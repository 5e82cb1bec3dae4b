// Marks a value inside a text under construction, so that its position is known after every escape and encoding. Two
// private-use characters stand around the value, the first followed by a third that says which label it is.
export const OPEN = '\ue000'
export const CLOSE = '\ue001'
const FIRST = 0xe100
const MARKS = /[\ue000\ue001]/g

/**
 * @typedef {{ start: number, end: number, type: string, family: string }} Label `text.slice(start, end)` is the value as
 * the text writes it (escapes included), in UTF-16 code units
 */

/** A text with its labels in the making. */
export class Draft {
  /** @type {{ type: string, family: string }[]} */
  #kinds = []

  /** @param {string} value @param {string} type @param {string} family */
  mark(value, type, family) {
    this.#kinds.push({ type, family })
    return `${OPEN}${String.fromCharCode(FIRST + this.#kinds.length - 1)}${value}${CLOSE}`
  }

  /** Takes the marks out; a value that the text was cut in reaches to its end. @param {string} marked */
  settle(marked) {
    let text = ''
    let from = 0
    /** @type {{ start: number, index: number } | undefined} */
    let open
    /** @type {Label[]} */
    const labels = []
    const close = () => {
      const kind = open && this.#kinds[open.index]
      if (open && kind && text.length > open.start) labels.push({ start: open.start, end: text.length, ...kind })
      open = undefined
    }
    for (const { index, 0: sign } of marked.matchAll(MARKS)) {
      text += marked.slice(from, index)
      from = index + 1
      if (sign === CLOSE) close()
      else if (index + 1 < marked.length) {
        open = { start: text.length, index: marked.charCodeAt(index + 1) - FIRST }
        from++
      }
    }
    text += marked.slice(from)
    close()
    return { text, labels }
  }
}

/** Applies `encode` to the text around the marks and to the values, not to the marks. @param {string} marked @param {(text: string) => string} encode */
export const around = (marked, encode) =>
  marked
    .split(/(\ue000[\ue100-\uf8ff]|\ue001)/)
    .map((part, index) => (index % 2 ? part : encode(part)))
    .join('')
