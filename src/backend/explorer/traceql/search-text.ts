// What a reader types into the search box: a trace id, plain words, or TraceQL.
import { wordPlaces } from '../../store/word-places'
import type { Route } from '../route'
import { firstPipe } from './kind'
import { INTRINSICS, SCOPES } from './words'
import { escaped, quoted } from './write'

export type Search =
  | { readonly kind: 'trace'; readonly id: string }
  /** `words`: what the query was made of, where the reader typed no TraceQL, or words and TraceQL in braces behind them. */
  | { readonly kind: 'query'; readonly query: string; readonly words: readonly string[] }

/** An id of a trace as people have it: by itself, as a UUID, in a `traceparent`, or in the address of a page about it. */
const TRACE_ID = [
  /^([\da-f]{25,32})$/i,
  /^([\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12})$/i,
  /^(?:traceparent:\s*)?[\da-f]{2}-([\da-f]{32})-[\da-f]{16}-[\da-f]{2}$/i,
  /^https?:\/\/\S*\btraces?\/([\da-f]{1,32})(?![\da-f])/i,
]

/** One of a span, or of a trace of 64 bits. */
const SHORT_ID = /^[\da-f]{16}$/i

export function readSearch(typed: string): Search {
  const text = typed.trim()
  for (const pattern of TRACE_ID) {
    const id = pattern.exec(text)?.[1]
    if (id) return { kind: 'trace', id: id.replaceAll('-', '').toLowerCase() }
  }
  const [query, words] = queryOf(text)
  return { kind: 'query', query, words }
}

/** The query of an address, in TraceQL. */
export function queryIn({ params }: Route): string {
  const search = readSearch(params.get('q') ?? '')
  return search.kind === 'query' ? search.query : '{}'
}

/** @returns TraceQL that finds what was typed, and its words */
function queryOf(text: string): [query: string, words: string[]] {
  if (text === '') return ['{}', []]
  if (SHORT_ID.test(text)) {
    const id = quoted(text.toLowerCase())
    return [`{ span:id = ${id} || trace:id = ${id} }`, []]
  }
  if (/^[{(/]/.test(text)) return [text, []]
  if (CONDITION.test(text)) {
    const pipe = firstPipe(text)
    return [`{ ${text.slice(0, pipe).trim()} } ${text.slice(pipe)}`.trim(), []]
  }
  const [typed, filters] = withoutFilters(text)
  const words = wordsIn(typed)
  return words.length === 0 ? ['{}', []] : [[...words.map(withWord), ...filters].join(' && '), words]
}

/** `refund { status = error } { duration > 1s }`: words, and what any span of their trace has to meet. */
function withoutFilters(text: string): [words: string, filters: readonly string[]] {
  const [, words, braces] = /^((?:"[^"]*"|[^"{])*?)\s((?:\{[^{}]*[=<>][^{}]*\}\s*)+)$/.exec(text) ?? []
  return words === undefined ? [text, []] : [words, braces!.match(/\{[^{}]*\}/g)!]
}

/** `status = error`, `span.user.id = "u-1"`: TraceQL that lacks its braces. */
const CONDITION = new RegExp(
  `^(?:${INTRINSICS.map(escaped).join('|')}|(?:${SCOPES.map(escaped).join('|')}|\\.)\\S+?)\\s*(?:=~|!~|!=|>=|<=|=|>|<)\\s*\\S`,
)

/** In quotation marks words stay together. More than eight of them make the question slow, and the answer no smaller. */
function wordsIn(text: string): string[] {
  const parts = text.match(/"[^"]+"|[^\s"]+/g) ?? []
  return parts
    .map(part => part.replace(/^"|"$/g, '').trim())
    .filter(Boolean)
    .slice(0, 8)
}

/** Each word in one place of a span, the words of a search in any spans of a trace. */
function withWord(word: string): string {
  const pattern = quoted(`(?is).*${escaped(word)}.*`)
  return `{ ${wordPlaces.map(place => `${place} =~ ${pattern}`).join(' || ')} }`
}
