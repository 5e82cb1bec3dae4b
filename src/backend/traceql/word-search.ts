/**
 * A word in any of the places in which the search box looks for words, `{ name =~ "(?is).*word.*" || … }`, answered by the index of words. The
 * answer is that of the expressions themselves.
 */
import { joins, text } from '../store/columns'
import { wordPlaces } from '../store/word-places'
import { eachWord, folded, LONGEST_FOUND } from '../store/words'
import type { Field } from './ast'
import type { Need } from './fields'
import { printName } from './print'
import { textAnywhere } from './typed-sql'

/** The text that all of them look for without regard to case; undefined where they are other expressions, or not of all places. */
export function textInAllPlaces(alternatives: readonly Field[]): string | undefined {
  const places = new Set<string>()
  const patterns = new Set<unknown>()
  for (const each of alternatives) {
    if (each.type !== 'binary' || each.op !== '=~' || each.right.type !== 'literal') return undefined
    if (each.left.type !== 'attribute' && each.left.type !== 'intrinsic') return undefined
    places.add(printName(each.left))
    patterns.add(each.right.value.value)
  }
  if (patterns.size !== 1 || places.size !== wordPlaces.length) return undefined
  if (!wordPlaces.every(place => places.has(place))) return undefined
  const searched = textAnywhere(String([...patterns][0]))
  return searched?.flags.includes('i') ? searched.pattern.replaceAll(/\\(.)/g, '$1') : undefined
}

/**
 * @param condition on a span, of the expressions; @param needs what it reads besides `spans s`
 * @param last number of the last span that is in the index
 * @returns the same as a condition on `spans s`; undefined where there is no word in the text
 */
export function byWords(
  searched: string,
  condition: string,
  needs: ReadonlySet<Need>,
  last: number,
): string | undefined {
  const looked = folded(searched)
  const words: string[] = []
  eachWord(looked, word => words.push(word.slice(0, LONGEST_FOUND)))
  if (words.length === 0) return undefined
  const saying = words.map(word => `SELECT unnest(seqs) AS seq FROM words WHERE contains(word, ${text(word)})`)
  const from = `${joins.span}${needs.has('resource') ? ` ${joins.resource}` : ''}`
  const later = `SELECT s.seq FROM ${from} WHERE s.seq > ${last} AND (${condition})`
  // The parts of a text that holds more than one word may stand apart in a span, or in another order.
  const indexed =
    words[0] === looked
      ? saying[0]!
      : `SELECT s.seq FROM ${from} WHERE s.seq <= ${last} AND s.seq IN (${saying.join(' INTERSECT ')}) AND (${condition})`
  return `s.seq IN (${indexed} UNION ALL ${later})`
}
