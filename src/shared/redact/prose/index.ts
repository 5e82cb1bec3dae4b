// Names in sentences, by statistics. A chunk of its own, for content: its tables are a third of a megabyte.
import { unpackLexicon, unpackWeights } from './lexicon'
import { createPersons, type Persons } from './persons'
import { LATIN_WEIGHTS, LEAST, LEAST_BESIDE, LEXICON } from './weights'

/** What reads the sentences of a text. */
export type FindPersons = (text: string) => Persons

/** Unpacks the tables, a millisecond between two pauses. */
export function* unpackNames(): Generator<void, FindPersons> {
  const lexicon = yield* unpackLexicon(LEXICON)
  yield
  const weights = unpackWeights(LATIN_WEIGHTS)
  return createPersons({ lexicon, weights, least: LEAST, leastBeside: LEAST_BESIDE })
}
