// Which share of an answer's sentences the retrieved texts say. By words alone: a sentence in words of its own counts as not said, and
// one that turns a source into its opposite with the source's words counts as said.
import type { JudgeByCode } from '../evaluator'
import { Pace } from '../pace'
import { type Source, sourcesOf, type Where } from '../sources'
import { sentencesOf, wordsOf } from '../words'

export interface GroundednessOptions {
  /** Where the retrieved texts are in the request. Default `tool`: what tools answered. */
  readonly sources?: Where
  /** Whether each sentence has to name its source, as `[2]`. Default `false`: it may be in any of them. */
  readonly citations?: boolean
  /** The share of a sentence's words that has to be in the source. Default 0.6. */
  readonly overlap?: number
}

/** `[2]`, `[2, 3]`, `[doc-7]`, `【2】` */
const CITATION = /[[【]([^\]】[\n]{1,60})[\]】]/g
/** Shorter ones are the grammar's; numbers count whatever their length. */
const SHORTEST = 4
/** A sentence with fewer words than this says nothing that could be false: "Here you are:". */
const FEWEST = 3

/** Characters of a sentence that are read; what has no end may be the whole answer. */
const LONGEST = 4_096

export function groundedness({
  sources: where = 'tool',
  citations = false,
  overlap = 0.6,
}: GroundednessOptions): JudgeByCode {
  return function* (call) {
    const sources = yield* sourcesOf(call, where)
    if (sources.length === 0) return undefined
    const byId = new Map<string, Source>()
    for (const source of sources) for (const id of source.ids) if (!byId.has(id)) byId.set(id, source)
    const pace = new Pace()
    const open: string[] = []
    let count = 0
    for (const sentence of yield* sentencesOf(joined(call.answer))) {
      const read = sentence.slice(0, LONGEST)
      if (pace.isOver(read.length)) yield
      const said = contentWords(read.replace(CITATION, ' '))
      if (said.length < FEWEST) continue
      count++
      const named = cited(read, byId)
      const isOpen = named?.has(undefined) || (!named && citations)
      // several that are named say it together
      const known = named ? [[...(named as Set<Source>)]] : sources.map(source => [source])
      if (isOpen || !(yield* isGrounded(said, known, overlap, pace))) open.push(sentence)
    }
    if (count === 0) return undefined
    return {
      score: (count - open.length) / count,
      ...(open.length > 0 && { explanation: `not in the sources: ${open.slice(0, 3).join(' | ')}` }),
    }
  }
}

/** A mark of citation behind the full stop belongs to the sentence before it. */
const joined = (answer: string): string => answer.replace(/([.!?。])((?:\s?[[【][^\]】[\n]{1,60}[\]】])+)/g, '$2$1')

/** @returns undefined where the sentence names no source; one that is not there is a source that says nothing */
function cited(sentence: string, byId: ReadonlyMap<string, Source>): Set<Source | undefined> | undefined {
  const marks = [...sentence.matchAll(CITATION)].flatMap(([, inner]) => inner!.split(/[,;]/))
  if (marks.length === 0) return undefined
  return new Set(marks.map(mark => byId.get(mark.trim().toLowerCase())))
}

/** Whether one of the groups has each number, and enough of the words. */
function* isGrounded(
  said: readonly string[],
  groups: readonly (readonly Source[])[],
  overlap: number,
  pace: Pace,
): Generator<undefined, boolean> {
  for (const group of groups) {
    let found = 0
    let hasNumbers = true
    for (const word of said) {
      if (pace.isOver(group.length)) yield
      if (group.some(({ words }) => words.has(word))) found++
      else if (isNumber(word)) hasNumbers = false
      if (!hasNumbers) break
    }
    if (hasNumbers && found >= overlap * said.length) return true
  }
  return false
}

const isNumber = (word: string): boolean => /^\p{N}/u.test(word)

/** Characters of scripts without spaces are words each. */
function contentWords(text: string): string[] {
  return wordsOf(text).filter(word => word.length >= SHORTEST || isNumber(word) || /^[^\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]/u.test(word)) // biome-ignore format: one condition
}
