// Whether an answer is as long as it may be, and no shorter than it should be.
import type { JudgeByCode } from '../evaluator'
import { sentencesOf, wordsInSteps } from '../words'

export interface LengthOptions {
  readonly min?: number
  readonly max?: number
  /** Default `words`. */
  readonly unit?: 'characters' | 'words' | 'sentences'
}

export function length({ min = 0, max = Number.POSITIVE_INFINITY, unit = 'words' }: LengthOptions): JudgeByCode {
  return function* ({ answer }) {
    let count = 0
    if (unit === 'characters') count = [...answer].length
    else if (unit === 'sentences') count = (yield* sentencesOf(answer)).length
    else yield* wordsInSteps(answer, () => count++)
    const isRight = count >= min && count <= max
    const explanation = `${count} ${unit}${isRight ? '' : count < min ? `, fewer than ${min}` : `, more than ${max}`}`
    return { score: isRight ? 1 : 0, label: isRight ? 'pass' : 'fail', explanation }
  }
}
