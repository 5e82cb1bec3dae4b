// The texts that a request gave the model to answer from, and the names by which an answer cites them.
import { parsedContainer } from '../llm/wire/json'
import { textOf } from './describe-call'
import type { EvaluatedCall } from './evaluated-call'
import { wordsInSteps } from './words'

/** `tool`: results of tools. `user`, `system`: what stands there behind marks such as `[1]` at the beginning of a line, or all of it. */
export type Where = 'tool' | 'user' | 'system'

export interface Source {
  /** In lower case: its number from 1, and its own id where it has one. */
  readonly ids: readonly string[]
  readonly words: ReadonlySet<string>
}

/** Characters of all that are read; a longer result of a tool is not taken apart. */
const LONGEST = 262_144
const MOST = 200
const MARK = /^[ \t]*(?:[[【]([^\]】\n]{1,60})[\]】]|<(?:document|doc|source)\b([^>\n]{1,240})>)/gm
const ID = /\b(?:id|index)=["']?([^"'>\s]{1,60})/

export function* sourcesOf(call: EvaluatedCall, where: Where): Generator<undefined, Source[]> {
  const found = where === 'tool' ? ofTools(call) : marked(where === 'user' ? ofUser(call) : call.system)
  const sources: Source[] = []
  let left = LONGEST
  for (const { id, text } of found) {
    yield
    const words = new Set<string>()
    yield* wordsInSteps(text.slice(0, left), word => words.add(word))
    left -= text.length
    sources.push({ ids: [String(sources.length + 1), ...(id === undefined ? [] : [id.toLowerCase()])], words })
    if (left <= 0 || sources.length === MOST) break
  }
  return sources
}

interface Found {
  readonly id: string | undefined
  readonly text: string
}

const ofUser = ({ input }: EvaluatedCall): string =>
  input
    .filter(({ role }) => role === 'user')
    .map(({ parts }) => textOf(parts))
    .join('\n')

/** A list in a result is a list of sources; what is no list is one. Each is made when it is read. */
function* ofTools({ input }: EvaluatedCall): Generator<Found> {
  for (const { parts } of input)
    for (const { type, response, result } of parts) {
      if (type !== 'tool_call_response') continue
      const said = response ?? result
      const value = typeof said === 'string' ? (parsedIn(said) ?? said) : said
      const items = Array.isArray(value) ? value : listIn(value)
      if (!items && typeof value === 'string') yield* marked(value)
      else for (const item of items ?? [value]) yield { id: idOf(item), text: textIn(item) }
    }
}

const parsedIn = (text: string): unknown => (text.length > LONGEST ? undefined : parsedContainer(text))

/** The only list of a map, as `{ results: […] }`. */
function listIn(value: unknown): unknown[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const lists = Object.values(value).filter(Array.isArray)
  return lists.length === 1 ? lists[0] : undefined
}

function idOf(value: unknown): string | undefined {
  const { id } = (typeof value === 'object' && value !== null ? value : {}) as { id?: unknown }
  return typeof id === 'string' || typeof id === 'number' ? String(id) : undefined
}

/** Names and values, as many as are read. */
function textIn(value: unknown): string {
  const texts: string[] = []
  let left = LONGEST
  const waiting = [value]
  while (waiting.length > 0 && left > 0) {
    const one = waiting.pop()
    left--
    if (typeof one !== 'object' || one === null) {
      const text = String(one)
      texts.push(text)
      left -= text.length
      continue
    }
    // what stands first is read first
    const below = Array.isArray(one) ? one.slice(0, left) : Object.entries(one).flat()
    for (let at = below.length - 1; at >= 0; at--) waiting.push(below[at])
  }
  return texts.join('\n')
}

/** What stands before the first mark is the question. */
function* marked(whole: string): Generator<Found> {
  const text = whole.slice(0, LONGEST)
  if (text.trim() === '') return
  let before: { readonly id: string | undefined; readonly from: number } | undefined
  for (const { 0: mark, 1: id, 2: attributes, index } of text.matchAll(MARK)) {
    const own = id ?? ID.exec(attributes!)?.[1]
    if (own === undefined) continue
    if (before) yield { id: before.id, text: text.slice(before.from, index) }
    before = { id: own, from: index + mark.length }
  }
  yield { id: before?.id, text: text.slice(before?.from ?? 0) }
}
