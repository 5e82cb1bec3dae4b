// Hostile texts as shapes: what is repeated, and what stands before and behind it. They are made and changed by chance, the same
// for the same seed.
import { existsSync, readFileSync } from 'node:fs'

/**
 * @typedef {object} Shape
 * @property {string} opening once, at the beginning
 * @property {readonly string[]} pieces together they are repeated; `{n}` becomes the number of the repetition
 * @property {string} ending once, at the end
 */

/** What stands between values, opens and closes them, and breaks them off. */
const SEPARATORS = [...' \n\t.,;:=-_/|\\"\'`()[]{}<>@&%#+*~!?', ' = ', ': ', '\\n', '\\"', '","', '":"', '=>', '://', '\0', '{n}'] // biome-ignore format: a table
/** Letters, digits and signs of the scripts that texts have, in one case and the other, also as escapes. */
const LETTERS = ['a', 'A', 'aB3', 'x1', '0', '1', '12', '4711', 'word', 'Ann', 'é', 'ß', 'İ', '山', '山田', '東京', '号', 'ア', 'アット', 'が', '김', '서울', 'Я', 'Анна', 'ش', 'अ', 'ｓ', '１', '😀', '\ud800', '\u200b', '\u00a0', '\u3000', '%41', '%e5', '%E5%B1%B1', '&#64;', '&#x41;', '\\u0041', '\\u5c71', 'YWJj', '\u001b[1m'] // biome-ignore format: a table

/** @param {Shape} shape @param {number} length */
export function textOf({ opening, pieces, ending }, length) {
  const unit = pieces.join('')
  if (unit === '') return opening.padEnd(length)
  const room = Math.max(0, length - opening.length - ending.length)
  let text = ''
  if (unit.includes('{n}')) for (let n = 1; text.length < room; n++) text += unit.replaceAll('{n}', String(n))
  else text = unit.repeat(Math.ceil(room / unit.length))
  // copied: a joined string is slower to read at first, and not what a socket brings
  return Buffer.from(`${opening}${text.slice(0, room)}${ending}`, 'utf16le').toString('utf16le')
}

/** @param {string} surface */
export const seedsFile = surface => new URL(`seeds/${surface}.json`, import.meta.url)

/** What the searches of a surface have found, which its tests read each time. @param {string} surface @returns {Shape[]} */
export function seedsOf(surface) {
  const file = seedsFile(surface)
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : []
}

export class Mutations {
  #anchors
  #state

  /** @param {readonly string[]} anchors @param {number} seed */
  constructor(anchors, seed) {
    this.#anchors = anchors
    this.#state = seed % 2147483647 || 1
  }

  /** @param {number} below */
  #int(below) {
    this.#state = (this.#state * 48271) % 2147483647
    return this.#state % below
  }

  /** @template T @param {readonly T[]} list @returns {T} */
  #pick(list) {
    return /** @type {T} */ (list[this.#int(list.length)])
  }

  #piece() {
    const kind = this.#int(10)
    if (kind < 6) return this.#cased(this.#pick(this.#anchors))
    return this.#pick(kind < 8 ? SEPARATORS : LETTERS)
  }

  /** @param {string} piece */
  #cased(piece) {
    const kind = this.#int(12)
    if (kind === 0) return piece.toUpperCase()
    if (kind === 1) return piece.toLowerCase()
    // a half of it: what looks like one at first
    return kind === 2 ? piece.slice(0, 1 + this.#int(piece.length)) : piece
  }

  /** One to three pieces, with a separator between some. @returns {Shape} */
  fresh() {
    const pieces = []
    for (let left = 1 + this.#int(3); left > 0; left--) {
      pieces.push(this.#piece())
      if (this.#int(2) === 0) pieces.push(this.#pick(SEPARATORS))
    }
    const edge = this.#int(8)
    return {
      opening: edge === 0 || edge === 1 ? this.#piece() : '',
      pieces,
      ending: edge === 1 || edge === 2 ? this.#piece() : '',
    }
  }

  /** One of the dearest, a little different; the first are taken more often. @param {readonly Shape[]} dearest @returns {Shape} */
  change(dearest) {
    if (dearest.length === 0) return this.fresh()
    const shape = this.#pick(dearest.slice(0, 1 + this.#int(dearest.length)))
    const pieces = [...shape.pieces]
    const at = this.#int(pieces.length + 1)
    const [one = ''] = pieces.slice(at, at + 1)
    switch (this.#int(9)) {
      case 0:
        return { ...shape, opening: this.#int(2) === 0 ? '' : this.#piece() }
      case 1:
        return { ...shape, ending: this.#int(2) === 0 ? '' : this.#piece() }
      case 2:
        pieces.splice(at, 1)
        break
      case 3:
        pieces.splice(at, 1, this.#piece())
        break
      case 4:
        pieces.splice(at, 0, one.repeat(this.#pick([1, 3, 15, 63]) % Math.max(1, Math.ceil(512 / (one.length || 1)))))
        break
      case 5:
        pieces.splice(at, 1, this.#cased(one))
        break
      case 6:
        pieces.splice(at, 0, ...this.#pick(dearest).pieces.slice(0, 3))
        break
      default:
        pieces.splice(at, 0, this.#piece())
    }
    return { ...shape, pieces: pieces.filter(piece => piece !== '').slice(0, 24) }
  }
}
