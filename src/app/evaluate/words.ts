// A text as words and as sentences, in scripts with spaces and without.
import { Pace } from './pace'

/** Scripts that put no spaces between words: each character is taken for one. */
const WORD =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]|[\p{L}\p{N}\p{M}]+(?:['’_-][\p{L}\p{N}\p{M}]+)*/gu
/** A stop of the first kind ends a sentence where a space follows. Not looked for in here: of a row of dots each would be a beginning. */
const STOP = /([.!?…]+["'”’)\]]*)|[。！？]+[」』）]*|\n+/g
const SPACE = /\s/

/** In lower case. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(WORD) ?? []
}

/** Characters of a step. */
const STEP = 2_048

/** The same in steps, for a text of any length; a text without spaces is cut between two words or within one. */
export function* wordsInSteps(text: string, take: (word: string) => void): Generator<undefined, void> {
  for (let from = 0; from < text.length; ) {
    const next = text.slice(from, from + STEP)
    const space = from + STEP < text.length ? next.lastIndexOf(' ') : -1
    const read = space > 0 ? next.slice(0, space) : next
    for (const word of wordsOf(read)) take(word)
    from += read.length
    yield
  }
}

/** Without those that have no word, such as a rule of dashes. In steps, for a text of any length. */
export function* sentencesOf(text: string): Generator<undefined, string[]> {
  const pace = new Pace()
  const sentences: string[] = []
  const take = (sentence: string) => {
    const trimmed = sentence.trim()
    if (/[\p{L}\p{N}]/u.test(trimmed)) sentences.push(trimmed)
  }
  let from = 0
  for (const { 0: stop, 1: needsSpace, index } of text.matchAll(STOP)) {
    const to = index + stop.length
    if (pace.isOver(stop.length)) yield
    if (needsSpace !== undefined && to < text.length && !SPACE.test(text[to]!)) continue
    take(text.slice(from, to))
    if (pace.isOver(to - from)) yield
    from = to
  }
  take(text.slice(from))
  return sentences
}
