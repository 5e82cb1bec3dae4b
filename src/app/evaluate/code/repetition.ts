// Whether an answer says the same again and again, as a model in a loop does.
import type { JudgeByCode } from '../evaluator'
import { wordsInSteps } from '../words'

/** Words in a row that are compared. */
const RUN = 4
/** Of a shorter answer nothing can be said. */
const FEWEST = 20
const STEP = 500

/** The score is the share of runs of four words that stand there for the first time. */
export function repetition(): JudgeByCode {
  return function* ({ answer }) {
    const words: string[] = []
    yield* wordsInSteps(answer, word => words.push(word))
    if (words.length < FEWEST) return undefined
    const known = new Set<string>()
    const runs = words.length - RUN + 1
    for (let at = 0; at < runs; at++) {
      known.add(words.slice(at, at + RUN).join(' '))
      if (at % STEP === STEP - 1) yield
    }
    const score = known.size / runs
    return { score, explanation: `${runs - known.size} of ${runs} runs of ${RUN} words are repeated` }
  }
}
