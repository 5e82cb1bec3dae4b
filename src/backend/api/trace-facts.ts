// Facts about a trace that Tempo's answers do not have: its tier, and the cost of its calls.
import { ATTR_GEN_AI_INPUT_MESSAGES, ATTR_GEN_AI_OUTPUT_MESSAGES, ATTR_USER_ID } from '../../../semconv'
import { content, failures, isCall, model, totals } from '../store/calls'
import { attribute } from '../store/columns'
import { foldedSpans } from '../store/tier'
import type { ExtraColumns } from '../traceql/trace-metadata'
import type { TraceFacts } from './answers'
import { foundWords, wordMeasures } from './found-words'
import { firstWords } from './own/first-words'
import { count, textOrNull, usageOf } from './own/row'
import type { Parts } from './parts'
import { keptBy } from './tiers'

const user = attribute('span', ATTR_USER_ID, 'string')
const ofCalls = (key: string, of: 'arg_min' | 'arg_max'): string =>
  `${of}(${content(key)}, s.start_ns) FILTER (${isCall})`

const measures = [
  foldedSpans,
  'count(*) AS spans',
  totals,
  failures,
  `map_keys(histogram(${model})) AS models`,
  `arg_max(${user}, s.start_ns) AS user_id`,
  `${ofCalls(ATTR_GEN_AI_INPUT_MESSAGES, 'arg_min')} AS prompt`,
  `${ofCalls(ATTR_GEN_AI_OUTPUT_MESSAGES, 'arg_max')} AS answer`,
]

/** @param words of the search, whose places the answer reports */
export function factColumns(parts: Parts, words: readonly string[] = []): ExtraColumns {
  return {
    measures: [...measures, ...wordMeasures(words)],
    fieldsOf(row) {
      const { tier, reason, keptUntil } = keptBy(row, parts)
      const models = (row.models ?? []) as string[]
      const said = {
        user: textOrNull(row.user_id),
        prompt: firstWords(textOrNull(row.prompt), 'user'),
        answer: firstWords(textOrNull(row.answer), 'assistant'),
        ...(words.length > 0 && { found: foundWords(row, words) }),
      }
      const afn: TraceFacts = { tier, reason, keptUntil, spans: count(row.spans), models, ...usageOf(row), ...said }
      return { afn }
    },
  }
}
