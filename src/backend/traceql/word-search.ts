/**
 * Answers the search box's `{ name =~ "(?is).*word.*" || … }` by the index of words, with the same result as the expressions themselves.
 */
import { joins, text } from '../store/columns'
import { wordPlaces } from '../store/word-places'
import { eachWord, folded, LONGEST_FOUND } from '../store/words'
import type { Field } from './ast'
import type { Need } from './fields'
import { printName } from './print'
import { textAnywhere } from './typed-sql'

/** The text that all alternatives search for, ignoring case; undefined if they have other expressions or do not cover all places. */
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
 * @param condition the expressions as a condition on a span; @param needs the tables that it reads besides `spans s`
 * @param last sequence number of the last span in the index
 * @returns the equivalent condition on `spans s`; undefined if the text has no word
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
  // A span may contain the words of a longer text apart or in another order, so the condition checks the candidates.
  const indexed =
    words[0] === looked
      ? saying[0]!
      : `SELECT s.seq FROM ${from} WHERE s.seq <= ${last} AND s.seq IN (${saying.join(' INTERSECT ')}) AND (${condition})`
  return `s.seq IN (${indexed} UNION ALL ${later})`
}
