// Finds the words of a search in a matching trace, and returns a snippet around each.
import { attribute, nestedAttribute, text } from '../store/columns'
import type { Row } from '../store/store'
import { wordPlaces } from '../store/word-places'
import { folded } from '../store/words'

/** Characters of a snippet before the word and behind it: few before, since a list at a laptop's width has room for some 25. */
const BEFORE = 18
const BEHIND = 120
/** How much text before the word is read, so that the snippet has the start of a JSON value. */
const READ_BEFORE = 80
const MOST_WORDS = 8

export interface FoundWord {
  /** The place as in TraceQL, such as `span.gen_ai.input.messages`. */
  readonly place: string
  readonly text: string
}

/** Names come last: the trace's row shows them anyway, so any other place tells more. */
const places = [...wordPlaces].sort((a, b) => Number(isName(a)) - Number(isName(b)))

function isName(place: string): boolean {
  return place === 'name' || place === 'resource.service.name'
}

/** A SQL expression over `spans s` and `resources r`. */
function textAt(place: string): string {
  if (place === 'name') return 's.name'
  if (place === 'statusMessage') return 's.status_message'
  if (place === 'resource.service.name') return 'r.service_name'
  const key = place.slice(place.indexOf('.') + 1)
  if (place.startsWith('span.')) return attribute('span', key, 'string')
  return `array_to_string(list_transform(s.events, lambda e: ${nestedAttribute('e', key, 'string')}), chr(10))`
}

/** @param words all after the eighth are ignored */
export function wordMeasures(words: readonly string[]): string[] {
  return words.slice(0, MOST_WORDS).map((word, number) => {
    const looked = text(folded(word))
    const cuts = places.map((place, at) => {
      const found = textAt(place)
      const begin = `greatest(1, strpos(lower(${found}), ${looked}) - ${READ_BEFORE})`
      return `WHEN contains(lower(${found}), ${looked}) THEN concat('${at} ', substr(${found}, ${begin}, ${READ_BEFORE + word.length + BEHIND}))`
    })
    return `any_value(CASE ${cuts.join(' ')} END) AS word_${number}`
  })
}

/** @param row has the columns of `wordMeasures` */
export function foundWords(row: Row, words: readonly string[]): FoundWord[] {
  return words.slice(0, MOST_WORDS).flatMap((word, number) => {
    const [, at, around] = /^(\d+) ([\s\S]*)$/.exec((row[`word_${number}`] as string | null) ?? '') ?? []
    if (at === undefined) return []
    const place = places[Number(at)]!
    const snippet = snippetOf(around!, word, place.includes('gen_ai.'))
    return snippet === '' ? [] : [{ place, text: snippet }]
  })
}

/** @param isJson whether the text is usually part of JSON; the snippet then leaves out the JSON around its strings */
export function snippetOf(around: string, word: string, isJson: boolean): string {
  const at = Math.max(0, folded(around).indexOf(folded(word)))
  const end = at + word.length
  const opens = isJson ? around.slice(0, at).search(/(?<!\\)"(?:[^"\\]|\\.)*$/) : -1
  const closes = isJson ? around.slice(end).search(/(?<!\\)"/) : -1
  const first = Math.max(opens + 1, at - BEFORE)
  const isBegun = first > opens + 1 || (opens < 0 && at > BEFORE)
  // the rest of a cut word tells nothing
  const from = isBegun ? first + around.slice(first, at).search(/\s\S|$/) : first
  const to = closes < 0 ? around.length : end + closes
  const cut = around.slice(from, to)
  const said = isJson ? cut.replaceAll(/\\[nrt]/g, ' ').replaceAll(/\\(["\\/])/g, '$1') : cut
  return `${isBegun ? '…' : ''}${said.replaceAll(/\s+/g, ' ').trim()}`
}
