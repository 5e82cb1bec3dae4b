// Persons in sentences of languages with capitals: what a word with a capital is, and what stands around it, are features, each with
// a weight in a table.
import { hashOf, spread } from './letters'
import { COMMON, GIVEN, type Lexicon, PLACE, SURNAME } from './lexicon'
import { CAPITALIZED, CAPITALS, CODE, INITIAL, MIXED, MOST_WORDS, NAME, OTHER_WORD, type Sentence } from './sentence'

/** Of the features of one word. */
const MOST_FEATURES = 24
/** Instead of a word: before the first, behind the last, a name. */
const [BEFORE, BEHIND, SOMEBODY] = [1, 2, 3]
/** The same as kinds of words, which are below them. */
const [BEFORE_KIND, BEHIND_KIND, NAME_KIND] = [500, 501, 502]

/** Reads what the words of a sentence are known as, and says of each what speaks for a person. */
export class LatinReader {
  /** what each word is known as */
  readonly known = new Uint8Array(MOST_WORDS + 1)
  /** 1 for a word of a name */
  readonly isName = new Uint8Array(MOST_WORDS + 1)
  /** hashes; of a table of weights the last bits of each are the place */
  readonly features = new Int32Array(MOST_FEATURES)
  readonly #lexicon: Lexicon
  readonly #sentence: Sentence
  #count = 0

  constructor(lexicon: Lexicon, sentence: Sentence) {
    this.#lexicon = lexicon
    this.#sentence = sentence
  }

  /** The sentence was read, or words of it became names. */
  begin(): void {
    const { count, hashes, shapes } = this.#sentence
    for (let i = 0; i < count; i++) {
      const shape = shapes[i]!
      this.known[i] = shape === NAME || shape === OTHER_WORD ? 0 : this.#lexicon(hashes[i]!)
      this.isName[i] = shape === NAME ? 1 : 0
    }
    // what is beside the last
    this.isName[count] = 0
  }

  /** True for a word that may be one of a person's. */
  mayBeName(text: string, i: number): boolean {
    const { shapes, gaps } = this.#sentence
    const shape = shapes[i]!
    if (shape !== CAPITALIZED && shape !== MIXED && shape !== CAPITALS && shape !== INITIAL) return false
    if (gaps[i] === CODE || gaps[i + 1] === CODE) return false
    if (this.#sentence.ends[i]! - this.#sentence.starts[i]! <= 4 && this.#sentence.isTitle(text, i)) return false
    return shape !== CAPITALS || (this.known[i]! & (GIVEN | SURNAME)) !== 0
  }

  /** Fills `features`. @returns how many */
  read(text: string, i: number): number {
    this.#count = 0
    const { hashes, gaps, starts, ends, capitals, count } = this.#sentence
    const known = this.known[i]!
    const own = (this.#shape(i) << 6) | known
    const coarse = (known & (GIVEN | SURNAME | COMMON | PLACE)) + 1
    const gap = gaps[i]!
    const nextGap = gaps[i + 1]!
    const before = this.#word(i - 1)
    const behind = this.#word(i + 1)
    const kindBefore = this.#kind(i - 1)
    const kindBehind = this.#kind(i + 1)
    this.#add(1, own, 0)
    // of a name of the lists only that it is one: which of them a text has says nothing of the next text
    if ((known & (GIVEN | SURNAME)) === 0 || (known & (COMMON | PLACE)) !== 0) this.#add(2, hashes[i]!, 0)
    if (known === 0) this.#add(3, hashOf(text, Math.max(starts[i]!, ends[i]! - 3), ends[i]!), 0)
    this.#add(5, before, gap)
    this.#add(6, behind, nextGap)
    this.#add(7, before, coarse)
    this.#add(8, behind, coarse)
    this.#add(9, this.#word(i - 2), 0)
    this.#add(10, this.#word(i + 2), 0)
    this.#add(11, kindBefore, (own << 4) | gap)
    this.#add(12, kindBehind, (own << 4) | nextGap)
    this.#add(13, (gap << 4) | nextGap, own)
    this.#add(14, kindBefore, (kindBehind << 8) | (gap << 4) | nextGap)
    this.#add(15, kindBehind, (this.#kind(i + 2) << 10) | coarse)
    this.#add(16, kindBefore, (this.#kind(i - 2) << 10) | coarse)
    this.#add(17, Math.min(12, ends[i]! - starts[i]!), own)
    this.#add(18, Math.min(4, Math.floor((capitals * 5) / (count + 1))), coarse)
    this.#add(19, before, this.#word(i - 2))
    this.#add(20, behind, this.#word(i + 2))
    this.#add(21, Math.min(count, 3), (coarse << 4) | Math.min(i, 3))
    return this.#count
  }

  /** A word as its neighbours see it: of a name only that it is one, as they do once it is masked. */
  #word(i: number): number {
    if (i < 0) return BEFORE
    if (i >= this.#sentence.count) return BEHIND
    return this.isName[i] === 1 ? SOMEBODY : this.#sentence.hashes[i]!
  }

  #kind(i: number): number {
    if (i < 0) return BEFORE_KIND
    if (i >= this.#sentence.count) return BEHIND_KIND
    return this.isName[i] === 1 ? NAME_KIND : (this.#shape(i) << 6) | this.known[i]!
  }

  #shape(i: number): number {
    return this.#sentence.shapes[i]!
  }

  #add(feature: number, one: number, other: number): void {
    this.features[this.#count++] = spread(
      Math.imul(one, 0x9e3779b1) ^ Math.imul(other + 0x51ed27, 0x85ebca6b) ^ Math.imul(feature, 0x27d4eb2f),
    )
  }
}
