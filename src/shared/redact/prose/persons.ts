// Finds persons in prose, sentence by sentence: a long text can be read in pieces, and in a text that was masked nothing more is found.
import { spend, work } from '../scan/work'
import { LatinReader } from './latin'
import { COMMON, type Lexicon } from './lexicon'
import {
  APOSTROPHE,
  HYPHEN,
  INITIAL,
  isCapital,
  LINE,
  NAME,
  Sentence,
  SMALL_WORD,
  SPACE,
  STOP,
  type Taken,
} from './sentence'

export interface Model {
  readonly lexicon: Lexicon
  /** as many as a power of two */
  readonly weights: Int8Array
  /** the least sum of weights of a word of a name */
  readonly least: number
  /** the same for a word beside one */
  readonly leastBeside: number
}

/** Persons in one text. */
export interface Persons {
  /**
   * Reads from `from` up to the end of the sentence in which `to` is.
   * @param taken what other detectors found in the text, in order
   * @returns where to go on; the length of the text also where the work was too much, see `work.ts`
   */
  read(from: number, to: number, taken: readonly Taken[], found: (start: number, end: number) => void): number
}

/** What it adds to the sum of weights that a word was one of a name before. */
const SEEN = 15
/** Units of work to look at a word with a capital. */
const WORD_WORK = 4

/** Small words inside of names: Ludwig van Beethoven. */
const PARTICLES = new Set(
  'de del della di da do dos das du la le van von der den ten ter zu zur bin ibn al el y e af av'.split(' '),
)
const MOST_PARTICLES = 2

/** What reads texts with this model; in one text at a time, or in several by turns. */
export function createPersons(model: Model): (text: string) => Persons {
  const { weights, least, leastBeside } = model
  const sentence = new Sentence()
  const reader = new LatinReader(model.lexicon, sentence)
  const last = weights.length - 1

  function weigh(text: string, i: number): number {
    const count = reader.read(text, i)
    spend(WORD_WORK)
    let sum = 0
    for (let at = 0; at < count; at++) sum += weights[reader.features[at]! & last]!
    return sum
  }

  function isBesideName(i: number): boolean {
    const { gaps } = sentence
    return (
      (i > 0 && gaps[i] === SPACE && reader.isName[i - 1] === 1) ||
      (gaps[i + 1] === SPACE && reader.isName[i + 1] === 1)
    )
  }

  /** Marks words of names. @returns whether there are any */
  function mark(text: string, seen: Set<number>): boolean {
    let isNew = false
    reader.begin()
    for (let i = 0; i < sentence.count; i++) {
      if (!reader.mayBeName(text, i)) continue
      const hash = sentence.hashes[i]!
      const sum = weigh(text, i) + (seen.has(hash) ? SEEN : 0)
      if (sum < (isBesideName(i) ? leastBeside : least)) continue
      reader.isName[i] = 1
      isNew = true
      if ((reader.known[i]! & COMMON) === 0 && sentence.shapes[i] !== INITIAL) seen.add(hash)
    }
    return isNew
  }

  /** The last word of the name that begins with this one. */
  function lastOf(text: string, first: number): number {
    const { gaps, shapes, starts, ends } = sentence
    let end = first
    for (let i = first + 1; i < sentence.count; i++) {
      const gap = gaps[i]!
      const isJoined = gap === SPACE || gap === LINE || gap === HYPHEN || gap === APOSTROPHE
      if (!isJoined && !(gap === STOP && shapes[i - 1] === INITIAL)) break
      if (reader.isName[i] === 1 && shapes[i] !== NAME) end = i
      else if (i - end > MOST_PARTICLES || shapes[i] !== SMALL_WORD || !PARTICLES.has(text.slice(starts[i], ends[i])))
        break
    }
    return end
  }

  /** Makes one word of the words of each name: the mask that it becomes. */
  function join(text: string, found: (start: number, end: number) => void): void {
    const { starts, ends, hashes, shapes, gaps } = sentence
    let kept = 0
    for (let i = 0; i < sentence.count; i++) {
      const isFound = reader.isName[i] === 1 && shapes[i] !== NAME
      const final = isFound ? lastOf(text, i) : i
      for (let of = i; isFound && of <= final; of++) if (isCapital(shapes[of]!)) sentence.capitals--
      let end = ends[final]!
      // the full stop of an initial is a part of it
      if (isFound && shapes[final] === INITIAL && text[end] === '.') sentence.shortenGap(final + 1, ++end)
      if (isFound) found(starts[i]!, end)
      starts[kept] = starts[i]!
      ends[kept] = end
      hashes[kept] = isFound ? 0 : hashes[i]!
      shapes[kept] = isFound ? NAME : shapes[i]!
      gaps[kept++] = gaps[i]!
      i = final
    }
    gaps[kept] = gaps[sentence.count]!
    sentence.count = kept
  }

  return text => {
    const seen = new Set<number>()
    return {
      read(from, to, taken, found) {
        let at = from
        while (at < to) {
          sentence.read(text, at, taken)
          at = Math.max(at + 1, sentence.end)
          // a name changes what its neighbours see: until there are no more
          if (sentence.capitals > 0) while (mark(text, seen)) join(text, found)
          if (work.spent > work.most) return text.length
        }
        return at
      },
    }
  }
}
